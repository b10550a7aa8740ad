import { BenchtopError, type EngineApi, type Run } from '../../../contract/index.ts';
import { comparisonText } from './comparison-text.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';

export interface CompareOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop compare`: from the first run to the second; or from the previous or best one to the only one named. */
export async function compareCommand(
  named: string,
  other: string | undefined,
  options: CompareOptions,
): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { api } = engine;
    const run = await runByPrefix(api, named);
    const isRanked = other === undefined || other === 'best' || other === 'previous';
    const a = isRanked ? await earlierOf(api, run, other ?? 'previous') : run;
    const b = isRanked ? run : await runByPrefix(api, other);
    const found = await api.comparison.runs({ a: a.id, b: b.id });
    console.log(options.json ? jsonText(found) : comparisonText(found, a, b));
  });
}

async function earlierOf(api: EngineApi, run: Run, which: 'best' | 'previous'): Promise<Run> {
  const found = (await api.comparison.comparable({ runId: run.id }))[which];
  if (found !== null) return api.tracking.run({ runId: found.runId });
  throw new BenchtopError({
    code: 'not-found',
    what:
      which === 'best'
        ? `No run of the same program is better than ${run.name}.`
        : `No run of the same program was started before ${run.name}.`,
    next: 'Name the run to hold it against: `benchtop compare RUN RUN`.',
  });
}
