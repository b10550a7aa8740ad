import { BenchtopError, type EngineApi, type Monitor } from '../../../contract/index.ts';
import { pipelineProject } from '../pipelines/pipeline-project.ts';

/** By its id anywhere, or by its name in the project. @throws {BenchtopError} `not-found`. */
export async function monitorNamed(
  api: EngineApi,
  named: string,
  folder: string | undefined,
): Promise<Monitor> {
  const all = await api.monitoring.monitors({});
  const byId = all.find(({ id }) => id === named);
  if (byId !== undefined) return byId;
  const { id: projectId } = await pipelineProject(api, folder);
  const found = all.find(({ name, projectId: own }) => name === named && own === projectId);
  if (found !== undefined) return found;
  throw new BenchtopError({
    code: 'not-found',
    what: `There is no monitor "${named}" here.`,
    next: 'See `benchtop monitor list`.',
  });
}
