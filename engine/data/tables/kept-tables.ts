import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { tableProfile, type TableProfile } from '../../../contract/index.ts';
import { identityOf, isSettled } from '../../objects/index.ts';
import type { TimeRange } from './table-question.ts';

/** What is kept of tables is read by this number; another one makes it anew. */
const keptFormat = 1;
/** So much is kept in all, in bytes. */
const bytesAtMost = 4 * 1024 ** 3;
/** What a folder takes that holds nothing, so that there are never too many of those either. */
const bytesOfFolder = 4096;
const profileFile = 'profile.json';

/** The name of the folder of what is kept of a stored table, or of some of its rows: by its content. */
export function storedName(
  { objectId, name }: { readonly objectId: string; readonly name: string },
  part: TimeRange | null,
): string {
  const ending = /\.[^/]*$/.exec(name)?.[0].toLowerCase() ?? '';
  return `${objectId}${ending}${nameOf(part)}`;
}

/**
 * The same of a file: by its path, and by what tells it from itself before a change. Null for one that was changed just now, and may change
 * again without looking different.
 */
export function fileName(path: string, part: TimeRange | null): string | null {
  const identity = identityOf(statSync(path));
  return isSettled(identity, Date.now()) ? `file-${shortHash([path, identity])}${nameOf(part)}` : null;
}

const nameOf = (part: TimeRange | null): string =>
  `${part === null ? '' : `-${shortHash(part)}`}-${keptFormat}`;

const shortHash = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** The profile that is kept in such a folder; null for none, or one that an earlier program made and that lacks something. */
export function keptProfile(folder: string): TableProfile | null {
  const path = join(folder, profileFile);
  if (!existsSync(path)) return null;
  markUsed(folder);
  return tableProfile.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
}

/** What was used longest ago is the first to go. */
export function markUsed(folder: string): void {
  const now = new Date();
  utimesSync(folder, now, now);
}

export function keepProfile(folder: string, profile: TableProfile): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(join(folder, profileFile), JSON.stringify(profile));
}

/** Writes a file so that it is there whole or not at all. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Removes what was used longest ago, until no more is kept than may be. @param folder of all tables, one folder each */
export function removeOldTables(folder: string, atMost = bytesAtMost): void {
  if (!existsSync(folder)) return;
  const kept = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => {
      const files = readdirSync(path).map((name) => statSync(join(path, name)));
      return {
        path,
        usedAt: statSync(path).mtimeMs,
        sizeBytes: files.reduce((sum, { size }) => sum + size, bytesOfFolder),
      };
    })
    .toSorted((a, b) => b.usedAt - a.usedAt);
  let sum = 0;
  for (const { path, sizeBytes } of kept) {
    sum += sizeBytes;
    if (sum > atMost) rmSync(path, { recursive: true, force: true });
  }
}
