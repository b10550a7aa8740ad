import { joinEngine } from './join-engine.ts';
import { printLog } from './run-command.ts';
import { runByPrefix } from './run-by-prefix.ts';

export interface LogsOptions {
  readonly home: string;
  readonly follow?: boolean;
}

/** `benchtop logs`: what a run has printed, raw; with `--follow` until it ends. */
export async function logsCommand(prefix: string, options: LogsOptions): Promise<void> {
  const engine = await joinEngine(options.home);
  try {
    const { id: runId } = await runByPrefix(engine.api, prefix);
    if (options.follow) return await printLog(engine.api, runId);
    for (let offset = 0; ;) {
      const page = await engine.api.runner.log({ runId, offset, limit: 1024 * 1024 });
      process.stdout.write(page.bytes);
      offset = page.offset + page.bytes.length;
      if (page.bytes.length === 0 || offset >= page.sizeBytes) return;
    }
  } finally {
    engine.close();
  }
}
