import type { ModelVersion } from '../../registry/index.ts';
import { environmentLock, requirementsText } from '../../environments/index.ts';
import { experimentJson, loggedModelJson, modelVersionJson, runJson } from '../../mlflow-answers/index.ts';
import { experimentById, loggedModelById, modelsLoggedBy, type RecordedRun } from '../../tracking/index.ts';
import type { FolderErrand } from './folder-errand.ts';

/** A small file that says what something is, by its name. */
export type Described = ReadonlyMap<string, string>;

const jsonFile = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What was recorded of a run: as MLflow's REST API has it, with what that has no place for beside it. */
export async function describedRun(
  { store, records }: FolderErrand,
  run: RecordedRun,
  origin: string,
): Promise<Described> {
  const { experiment, models } = store.now((db) => ({
    experiment: experimentById(db, run.experiment),
    models: modelsLoggedBy(db, run.runId).flatMap(({ modelId }) => loggedModelById(db, modelId) ?? []),
  }));
  const files = new Map([
    [
      'run.json',
      jsonFile({
        format: 1,
        origin,
        experiment: experiment === undefined ? null : experimentJson(experiment),
        run: runJson(run),
        logged_models: models.map(loggedModelJson),
      }),
    ],
  ]);
  const environment = await records.environmentOf(run.runId);
  if (environment !== null) {
    files.set('environment.lock', `${environmentLock(environment).lines.join('\n')}\n`);
    const requirements = requirementsText(environment);
    if (requirements !== null) files.set('requirements.txt', requirements);
  }
  return files;
}

/** What a version is: its record, its card, the run it came from, rows to try it with. */
export async function describedVersion(
  context: FolderErrand,
  version: ModelVersion,
  run: RecordedRun | undefined,
  origin: string,
): Promise<Described> {
  const { records } = context;
  const files = new Map(run === undefined ? [] : await describedRun(context, run, origin));
  files.set('README.md', await records.cardOf(version.name, version.version));
  for (const { path, text } of await records.sampleOf(version)) files.set(path, text);
  return files;
}

/** `version.json`: what the target's registry says of it. */
export const versionFile = (version: ModelVersion, number: string, origin: string): string =>
  jsonFile({
    format: 1,
    origin,
    model_version: {
      ...modelVersionJson({ ...version, aliases: [] }),
      version: number,
      current_stage: 'None',
    },
  });
