import { BenchtopError, type EngineApi, type Run } from '../../contract/index.ts';

/** The run that an id, or the beginning of one, names. @throws {BenchtopError} `not-found`, or `conflict` for several. */
export async function runByPrefix(api: EngineApi, prefix: string, isInBin = false): Promise<Run> {
  if (/^[0-9a-f]{32}$/.test(prefix)) return api.tracking.run({ runId: prefix });
  const quoted = `"${prefix.replaceAll('"', '""')}"`;
  const { runs: found } = await api.tracking.searchRuns({
    text: /^[0-9a-f]+$/.test(prefix) ? `id LIKE '${prefix}%' OR name = ${quoted}` : `name = ${quoted}`,
    deleted: isInBin,
    limit: 200,
  });
  const [first, second] = found;
  if (first === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: `No run${isInBin ? ' of the bin' : ''} has the name "${prefix}" or an id that begins so.`,
      next: `\`benchtop runs${isInBin ? ' --deleted' : ''}\` lists them.`,
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
