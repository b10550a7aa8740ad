import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder whose pipeline is meant: the one that is named, else the nearest that defines one, at or above where you are. */
export function pipelineFolder(named: string | undefined): string {
  if (named !== undefined) return realpathSync(named);
  const here = realpathSync(process.cwd());
  for (let folder = here; ; folder = dirname(folder)) {
    if (['benchtop.yaml', 'dvc.yaml'].some((file) => existsSync(join(folder, file)))) return folder;
    if (folder === dirname(folder)) return here;
  }
}
