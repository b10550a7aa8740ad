import type { EngineApi } from '../../../contract/index.ts';
import { exitCodeOfRun } from '../exit-code-of-run.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { logToEnd } from '../log-bytes.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import { writeOut } from '../write-out.ts';

export interface AttachOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** So much of what was printed before is shown again, in bytes: about a screen or two. */
const shownAgainBytes = 8192;

/**
 * `benchtop attach`: follows a run from where it is now and ends with its exit code. SIGINT and SIGTERM leave the run alone
 * and end only this command, with 0.
 */
export async function attachCommand(prefix: string, options: AttachOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const leaving = new AbortController();
    const leave = () => leaving.abort();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
    const { id: runId } = await runByPrefix(engine.api, prefix);
    const offset = options.json ? 0 : await showLatest(engine.api, runId);
    for await (const bytes of logToEnd(engine.api, runId, offset, leaving.signal)) {
      if (!options.json) await writeOut(bytes);
    }
    if (leaving.signal.aborted) {
      const short = runId.slice(0, 8);
      console.error(`benchtop: left; run ${short} goes on. \`benchtop stop ${short}\` ends it.`);
      return;
    }
    const run = await engine.api.tracking.run({ runId });
    if (options.json) console.log(jsonText(run));
    else if (run.status !== 'finished') console.error(`benchtop: ${run.ending ?? run.status}`);
    process.exitCode = exitCodeOfRun(run);
  });
}

/** Prints the last lines so far; answers the offset from which to go on. */
async function showLatest(api: EngineApi, runId: string): Promise<number> {
  const { bytes, offset } = await api.runner.log({ runId, offset: -shownAgainBytes, limit: shownAgainBytes });
  const newline = offset === 0 ? -1 : bytes.indexOf(0x0a);
  await writeOut(bytes.subarray(newline + 1));
  return offset + bytes.length;
}
