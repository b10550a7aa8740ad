import type { EngineApi } from '../../contract/index.ts';

const pageBytes = 1024 * 1024;

/** What a run has printed so far, from the start, a page at a time. */
export async function* logSoFar(api: EngineApi, runId: string): AsyncGenerator<Uint8Array> {
  for (let offset = 0; ;) {
    const page = await api.runner.log({ runId, offset, limit: pageBytes });
    yield page.bytes;
    offset = page.offset + page.bytes.length;
    if (page.bytes.length === 0 || offset >= page.sizeBytes) return;
  }
}

/** What a run prints, from `offset` on until it ends or `signal` says to leave. */
export async function* logToEnd(
  api: EngineApi,
  runId: string,
  offset = 0,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    const pages = api.runner.followLog({ runId, offset }, signal === undefined ? {} : { signal });
    for await (const { bytes } of pages) yield bytes;
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}
