import {
  BenchtopError,
  type Pipeline,
  type PipelineStage,
  type ProjectPlace,
  type RoomHandlers,
} from '../../../contract/index.ts';
import type { Staleness } from './create-staleness.ts';

/** The questions of the contract that staleness answers. */
export function statusHandlers({
  staleness,
  project,
  definitionOf,
}: {
  staleness: Staleness;
  /** @throws {BenchtopError} `not-found`. */
  project: (projectId: string) => ProjectPlace;
  /** The pipeline of a project. @throws {BenchtopError} where there is none, or it has mistakes. */
  definitionOf: (projectId: string) => Promise<Pipeline>;
}): Pick<RoomHandlers<'pipelines'>, 'status' | 'stageHistory'> {
  return {
    async status({ projectId, stages, env }, { signal }) {
      const pipeline = await definitionOf(projectId);
      const asked = stages === undefined ? null : namedStages(pipeline, stages);
      const looked = asked === null ? pipeline.stages : withUpstream(pipeline, asked);
      const judged = await staleness.status({ project: project(projectId), pipeline, env, signal }, looked);
      return { stages: judged.filter(({ name }) => asked?.has(name) ?? true) };
    },
    stageHistory: ({ projectId, stage, limit }) => staleness.history(projectId, stage, limit),
  };
}

/** Names of stages, with those that were unfolded from them. @throws {BenchtopError} `not-found`. */
function namedStages({ file, stages }: Pipeline, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const name of names) {
    const matching = stages.filter((stage) => stage.name === name || stage.group === name);
    if (matching.length === 0)
      throw new BenchtopError({
        code: 'not-found',
        what: `There is no pipeline stage "${name}".`,
        evidence: `${file} has ${stages
          .slice(0, 10)
          .map((stage) => stage.name)
          .join(', ')}${stages.length > 10 ? ', …' : ''}`,
      });
    for (const stage of matching) found.add(stage.name);
  }
  return found;
}

/** The stages and all that they stand on, in the order of the pipeline. */
function withUpstream({ stages }: Pipeline, names: ReadonlySet<string>): PipelineStage[] {
  const byName = new Map(stages.map((stage) => [stage.name, stage]));
  const wanted = new Set(names);
  for (const name of wanted) for (const above of byName.get(name)?.upstream ?? []) wanted.add(above);
  return stages.filter(({ name }) => wanted.has(name));
}
