import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { BenchtopError, type Snapshot } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { CodeRepository, TreeEntry } from './repository.ts';
import { pathBelow, shownPath } from './shown-path.ts';

export interface Restored {
  readonly folder: string;
  readonly fileCount: number;
  readonly missing: { path: string; why: string }[];
}

/**
 * Writes the files of a snapshot into a new folder, which is there only when all of them are. What was kept by content comes in place of its
 * pointer. @throws {BenchtopError} `already-exists` for a folder with anything in it, `invalid-input`, `not-found`.
 */
export async function restoreCode(
  snapshot: Snapshot & { commitId: string },
  folder: string,
  { repository, objects }: { repository: CodeRepository; objects: Pick<Objects, 'writeFiles'> },
): Promise<Restored> {
  await checkFolder(folder);
  const entries = await repository.entries(snapshot.commitId);
  const unsafe = entries.find(({ path }) => !isSafe(path));
  if (unsafe !== undefined)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `The snapshot holds the path "${shownPath(unsafe.path)}", which would lead out of its folder.`,
    });
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = join(dirname(folder), `.benchtop-${randomUUID()}`);
  await mkdir(unfinished);
  try {
    const pointers = new Map(snapshot.leftOut.map((each) => [each.path, each]));
    const missing = snapshot.leftOut.filter(isMissed).map(({ path, why }) => ({ path, why }));
    const files = entries.filter(({ mode }) => mode !== '160000');
    await makeFolders(unfinished, entries);
    const plain = files.filter(({ path }) => (pointers.get(shownPath(path))?.objectId ?? null) === null);
    await writePlain(unfinished, plain, repository);
    for (const { path, mode } of files) {
      const shown = shownPath(path);
      const objectId = pointers.get(shown)?.objectId ?? null;
      if (objectId === null) continue;
      const file = { objectId, path: join(unfinished, shown), mode: mode === '100755' ? 0o755 : 0o644 };
      try {
        await objects.writeFiles([file]);
      } catch (error) {
        if (!(error instanceof BenchtopError)) throw error;
        missing.push({ path: shown, why: error.message });
      }
    }
    await rename(unfinished, folder);
    return { folder, fileCount: files.length, missing };
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** What was read by the run, perhaps, and cannot be brought back. */
const isMissed = ({ reason, objectId }: Snapshot['leftOut'][number]) =>
  objectId === null && reason !== 'machine-made' && reason !== 'late';

async function checkFolder(folder: string): Promise<void> {
  if (!isAbsolute(folder))
    throw new BenchtopError({ code: 'invalid-input', what: `The path ${folder} is not absolute.` });
  const inside = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new BenchtopError(
      {
        code: 'already-exists',
        what: `${folder} is not a new folder.`,
        evidence: error instanceof Error ? error.message : String(error),
        next: 'Name a folder that is not there yet.',
      },
      { cause: error },
    );
  });
  if (inside.length > 0)
    throw new BenchtopError({
      code: 'already-exists',
      what: `${folder} is not empty; nothing was written.`,
      evidence: inside.slice(0, 5).join(', '),
      next: 'Name a folder that is not there yet.',
    });
}

/** A tree from elsewhere could hold any name; git itself checks out none of these. */
const isSafe = (path: string): boolean =>
  path
    .split('/')
    .every((name) => name !== '' && name !== '.' && name !== '..' && name.toLowerCase() !== '.git');

async function makeFolders(root: string, entries: readonly TreeEntry[]): Promise<void> {
  const folders = new Set(
    entries.map(({ path, mode }) =>
      mode === '160000' ? path : path.slice(0, Math.max(0, path.lastIndexOf('/'))),
    ),
  );
  for (const folder of folders) if (folder !== '') await mkdir(pathBelow(root, folder), { recursive: true });
}

/** Links last: nothing is written through them. */
async function writePlain(
  root: string,
  entries: readonly TreeEntry[],
  repository: CodeRepository,
): Promise<void> {
  const sorted = entries.toSorted(
    (one, other) => Number(one.mode === '120000') - Number(other.mode === '120000'),
  );
  let index = 0;
  for await (const content of repository.blobs(sorted.map(({ id }) => id))) {
    const entry = sorted[index++];
    if (entry === undefined) break;
    const path = pathBelow(root, entry.path);
    if (entry.mode === '120000') await symlink(content, path);
    else await writeFile(path, content, { flag: 'wx', mode: entry.mode === '100755' ? 0o755 : 0o644 });
  }
}
