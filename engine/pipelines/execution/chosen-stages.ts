import {
  BenchtopError,
  type Pipeline,
  type PipelineStage,
  type StageReach,
} from '../../../contract/index.ts';

/**
 * The stages that belong to those that were named, in an order in which they can run. A frozen stage does not ask for
 * what it reads to be made first, as DVC has it.
 *
 * @throws {BenchtopError} `not-found` for a name that no stage and no group has.
 */
export function chosenStages(
  { file, stages }: Pick<Pipeline, 'file' | 'stages'>,
  names: readonly string[] | undefined,
  reach: StageReach,
): PipelineStage[] {
  if (names === undefined) return [...stages];
  const named = new Set<string>();
  for (const name of names) {
    const meant = stages.filter((stage) => stage.name === name || stage.group === name);
    if (meant.length === 0) throw noSuchStage(name, file, stages);
    for (const stage of meant) named.add(stage.name);
  }
  if (reach === 'from-here') {
    for (const { name, upstream } of stages) if (upstream.some((above) => named.has(above))) named.add(name);
  } else if (reach === 'up-to-here') {
    for (const { name, upstream, isFrozen } of stages.toReversed())
      if (named.has(name) && !isFrozen) for (const above of upstream) named.add(above);
  }
  return stages.filter(({ name }) => named.has(name));
}

function noSuchStage(name: string, file: string, stages: readonly PipelineStage[]): BenchtopError {
  const known = stages.slice(0, 20).map((stage) => stage.name);
  return new BenchtopError({
    code: 'not-found',
    what: `There is no pipeline stage "${name}" in ${file}.`,
    evidence: `It has ${known.join(', ')}${stages.length > known.length ? ', …' : ''}.`,
  });
}
