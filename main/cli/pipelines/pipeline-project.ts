import { Option } from 'commander';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipelineFiles, type EngineApi, type Project } from '../../../contract/index.ts';

/** The project of a command over a pipeline: the folder that is named, or the nearest with a pipeline. */
export const pipelineOption = (): Option =>
  new Option(
    '--project <dir>',
    'the project; the nearest folder with a pipeline, from where you are, when left out',
  );

/** The project whose pipeline is meant. @throws {BenchtopError} where the folder cannot be a project. */
export const pipelineProject = (api: EngineApi, named: string | undefined): Promise<Project> =>
  api.projects.open({ path: pipelineFolder(named) });

/** The folder whose pipeline is meant: the one that is named, else the nearest that defines one, at or above where you are. */
function pipelineFolder(named: string | undefined): string {
  if (named !== undefined) return realpathSync(named);
  const here = realpathSync(process.cwd());
  for (let folder = here; ; folder = dirname(folder)) {
    if (pipelineFiles.some((file) => existsSync(join(folder, file)))) return folder;
    if (folder === dirname(folder)) return here;
  }
}
