import type { Manifest } from '../data/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { latestAnswers, type VersionKey } from './gate-records.ts';

/** As many rows as a person looks at. */
const rows = 20;
/** So much is looked at for them. */
const headBytes = 256 * 1024;

/**
 * The first held-out rows that a version was asked for a check, and what it answered: `sample/input.csv` and
 * `sample/output.csv`. None where it never answered any itself, or where the rows are in no CSV file.
 */
export async function modelSample(
  {
    store,
    objects,
    manifest,
  }: {
    store: Pick<Store, 'now'>;
    objects: Pick<Objects, 'read'>;
    /** The files of a data version. @throws {BenchtopError} `not-found`. */
    manifest: (dataVersion: string) => Promise<Manifest>;
  },
  version: VersionKey,
): Promise<{ path: string; text: string }[]> {
  const answers = store.now((db) => latestAnswers(db, version));
  if (answers === null) return [];
  const { entries } = await manifest(answers.dataVersion);
  const [asked] = entries;
  if (entries.length !== 1 || asked?.kind !== 'file' || !/\.csv$/i.test(asked.path)) return [];
  const head = async (objectId: string) => {
    const { bytes } = await objects.read(objectId, 0, headBytes);
    return firstRecords(new TextDecoder().decode(bytes), rows + 1);
  };
  return [
    { path: 'sample/input.csv', text: await head(asked.objectId) },
    { path: 'sample/output.csv', text: await head(answers.objectId) },
  ];
}

/** The first records of a CSV text, its header among them. A quoted line break ends none (RFC 4180). */
export function firstRecords(text: string, count: number): string {
  let isQuoted = false;
  let found = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === '\n' && !isQuoted && ++found === count) return text.slice(0, at + 1);
  }
  // What is cut off in the middle is left out, unless it is all there is.
  return text;
}
