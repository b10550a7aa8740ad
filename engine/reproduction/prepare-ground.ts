import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { BenchtopError, type RunData, type RunEnvironment, type Snapshot } from '../../contract/index.ts';
import { isWithin } from '../is-within.ts';
import { movedCommand } from './moved-command.ts';

/** What a run is run once more with. */
export interface Ground {
  readonly command: string[];
  readonly workingFolder: string;
  /** Differences that were met on the way. */
  readonly caveats: string[];
}

/** How the rooms that keep code and data bring them back. */
export interface KeptThings {
  /** Writes the code of a run into a new folder; tells what is not there. */
  restoreCode(runId: string, folder: string): Promise<{ missing: readonly { path: string; why: string }[] }>;
  /** Writes a data version to a path at which nothing is. */
  checkoutData(version: string, destination: string, signal: AbortSignal): Promise<void>;
  /** What a path holds now, as a data version; null where nothing is. Records nothing. */
  dataVersionAt(path: string, signal: AbortSignal): Promise<string | null>;
}

/**
 * Brings the code and the data of a run together in a new folder, and points its command there. Data that lay elsewhere is read
 * where it lies, if it still holds the same.
 * @throws {BenchtopError} where that cannot be done.
 */
export async function prepareGround(options: {
  scratch: string;
  run: { id: string; command: readonly string[]; workingFolder: string };
  snapshot: Snapshot;
  environment: RunEnvironment | null;
  inputs: readonly RunData[];
  kept: KeptThings;
  signal: AbortSignal;
}): Promise<Ground> {
  const { scratch, run, snapshot, environment, inputs, kept, signal } = options;
  const { rootPath } = snapshot;
  await mkdir(dirname(scratch), { recursive: true, mode: 0o700 });
  const { missing } = await kept.restoreCode(run.id, scratch);
  const caveats = missing.map(({ path, why }) => `${path} is not there: ${why}`);
  for (const { path, role, version, state } of inputs) {
    if (role !== 'input' || version === null) continue;
    if (state === 'changed') caveats.push(`${path} changed while the run read it`);
    const place = isWithin(rootPath, path) ? join(scratch, relative(rootPath, path)) : path;
    if ((await kept.dataVersionAt(place, signal)) === version.version) continue;
    if (place === path)
      throw new BenchtopError({
        code: 'not-found',
        what: `${path} does not hold what the run read.`,
        evidence: `The run read version ${version.version.slice(0, 12)}.`,
        next: `Bring it back elsewhere with \`benchtop data checkout ${version.version.slice(0, 12)} FOLDER\`.`,
      });
    await rm(place, { recursive: true, force: true });
    await mkdir(dirname(place), { recursive: true });
    await kept.checkoutData(version.version, place, signal);
  }
  const ownEnvironment = environmentWithin(rootPath, environment);
  if (ownEnvironment !== null) {
    // An interpreter of the project is used where it lies, by the way the command names it.
    const link = join(scratch, relative(rootPath, ownEnvironment));
    await mkdir(dirname(link), { recursive: true });
    if (!existsSync(link)) await symlink(ownEnvironment, link);
  }
  const workingFolder = isWithin(rootPath, run.workingFolder)
    ? join(scratch, relative(rootPath, run.workingFolder))
    : run.workingFolder;
  await mkdir(workingFolder, { recursive: true });
  return {
    command: movedCommand(run.command, {
      from: rootPath,
      to: scratch,
      kept: ownEnvironment === null ? [] : [ownEnvironment],
    }),
    workingFolder,
    caveats,
  };
}

/** The folder of an environment that lies in the project, as `.venv` does; null for another. */
function environmentWithin(rootPath: string, environment: RunEnvironment | null): string | null {
  const python = environment?.interpreter;
  if (python === null || python === undefined || python.language !== 'python') return null;
  const folder = dirname(dirname(python.path));
  return folder !== rootPath && isWithin(rootPath, folder) && existsSync(join(folder, 'pyvenv.cfg'))
    ? folder
    : null;
}
