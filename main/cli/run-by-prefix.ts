import { BenchtopError, type EngineApi, type Run } from '../../contract/index.ts';

/** The run that an id, or the beginning of one, names. @throws {BenchtopError} `not-found`, or `conflict` for several. */
export async function runByPrefix(api: EngineApi, prefix: string): Promise<Run> {
  if (/^[0-9a-f]{32}$/.test(prefix)) return api.tracking.run({ runId: prefix });
  const page = await api.tracking.searchRuns({ text: `"${prefix}"`, limit: 200 });
  const found = page.runs.filter((run) => run.id.startsWith(prefix) || run.name === prefix);
  const [first, second] = found;
  if (first === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: `No run's id begins with "${prefix}".`,
      next: '`benchtop runs` lists them.',
    });
  if (second !== undefined) {
    throw new BenchtopError({
      code: 'conflict',
      what: `"${prefix}" names ${found.length} runs.`,
      evidence: found
        .slice(0, 5)
        .map((run) => `${run.id} ${run.name}`)
        .join('\n'),
      next: 'Give more of the id.',
    });
  }
  return first;
}
