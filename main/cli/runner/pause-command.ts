import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import type { StopOptions } from './stop-command.ts';

/** `benchtop pause` and `benchtop resume`. */
export async function pauseCommand(prefix: string, isPaused: boolean, options: StopOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { id: runId, name } = await runByPrefix(engine.api, prefix);
    await engine.api.runner.setPaused({ runId, isPaused });
    if (options.json) console.log(jsonText({ runId, isPaused }));
    else console.log(`${runId.slice(0, 8)}  ${isPaused ? 'paused' : 'goes on'}  ${name}`);
  });
}
