import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes folders below `runs/` that belong to no run: an engine was killed between writing down what a run is and recording it.
 * @param runIds all that are recorded.
 */
export function removeStrayFolders(runsPath: string, runIds: ReadonlySet<string>): void {
  for (const name of readdirSync(runsPath))
    if (/^[0-9a-f]{32}$/.test(name) && !runIds.has(name)) rmSync(join(runsPath, name), { recursive: true });
}
