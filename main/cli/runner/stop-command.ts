import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';

export interface StopOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop stop`: ends a run with everything it started, waits until it has, and says how it ended. */
export async function stopCommand(prefix: string, options: StopOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { id: runId } = await runByPrefix(engine.api, prefix);
    await engine.api.runner.cancel({ runId });
    const run = await engine.api.tracking.run({ runId });
    console.log(
      options.json ? jsonText(run) : `${runId.slice(0, 8)}  ${run.status}  ${run.ending ?? ''}`.trimEnd(),
    );
  });
}
