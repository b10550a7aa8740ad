import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder with package.json, above this file both in the sources and in the bundle. */
export const installationPath = findInstallation(dirname(fileURLToPath(import.meta.url)));

export const version = (
  JSON.parse(readFileSync(join(installationPath, 'package.json'), 'utf8')) as { version: string }
).version;
/** A packaged app keeps its resources beside the archive, where the programs of runs can read them too. */
export const resourcesPath = join(installationPath.replace(/app\.asar$/, 'app.asar.unpacked'), 'resources');
export const windowPath = join(installationPath, 'out', 'window');

function findInstallation(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder)
    throw new Error('No package.json above the program: the installation is incomplete.');
  return findInstallation(parent);
}
