import type Database from 'better-sqlite3';
import type { DataVersion } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { versionById } from './data-sets.ts';
import { latestMoment } from './timeline.ts';
import type { WalkedBlock, WalkedData, WalkedFile, WalkedLink } from './walk-data.ts';

/** A folder as it was when its latest version was recorded. */
export interface KnownTree {
  readonly dataSetId: number;
  readonly version: DataVersion;
  /** Of its blocks; see WalkedBlock. */
  readonly signatures: ReadonlySet<string>;
}

const signatureBytes = 16;
/** A file that was changed so short a time ago may change again unnoticed: file times come from a coarse clock. */
const racyMs = 2000;

/** What is known of a path; null where no version of it is recorded, or it is no longer the latest. */
export function knownTree(db: Database.Database, path: string): KnownTree | null {
  const row = prepared(
    db,
    'SELECT t.data_set AS dataSetId, t.blocks, t.version FROM data_tree t JOIN data_set s ON s.id = t.data_set WHERE s.path = +?',
  ).get(path) as { dataSetId: number; blocks: Buffer; version: string } | undefined;
  if (row === undefined || latestMoment(db, row.dataSetId)?.version !== row.version) return null;
  const signatures = new Set<string>();
  for (let at = 0; at < row.blocks.length; at += signatureBytes)
    signatures.add(row.blocks.toString('latin1', at, at + signatureBytes));
  return { dataSetId: row.dataSetId, version: versionById(db, row.version), signatures };
}

/** What of a walked folder is not known by its blocks, and has to be looked at. */
export interface UnknownPart {
  readonly files: readonly WalkedFile[];
  readonly links: readonly WalkedLink[];
}

export function unknownPart(walked: WalkedData, known: KnownTree | null): UnknownPart {
  if (known === null) return walked;
  const files: WalkedFile[] = [];
  const links: WalkedLink[] = [];
  for (const block of spans(walked.blocks)) {
    if (known.signatures.has(block.signature)) continue;
    files.push(...walked.files.slice(block.filesFrom, block.filesTo));
    links.push(...walked.links.slice(block.linksFrom, block.linksTo));
  }
  return { files, links };
}

/** Whether a walked folder is just what is known: every block, and none besides. */
export const isAsKnown = (walked: WalkedData, known: KnownTree): boolean =>
  walked.blocks.length === known.signatures.size &&
  walked.blocks.every(({ signature }) => known.signatures.has(signature));

/**
 * Keeps by what a folder will be known again: blocks that were read whole, and in which no file could change once more without another
 * time. It was walked before it was read: what changed in between does not have these signatures again.
 * @param walkedAt when the walk began, milliseconds UTC.
 */
export function rememberTree(
  db: Database.Database,
  {
    dataSetId,
    version,
    walked,
    walkedAt,
    unread,
  }: {
    dataSetId: number;
    version: string;
    walked: WalkedData;
    walkedAt: number;
    /** Files whose content could not be read. */
    unread: ReadonlySet<string>;
  },
): void {
  if (walked.kind === 'file') return;
  const settled = spans(walked.blocks).filter(
    ({ newestMs, filesFrom, filesTo }) =>
      newestMs < walkedAt - racyMs &&
      (unread.size === 0 || walked.files.slice(filesFrom, filesTo).every(({ path }) => !unread.has(path))),
  );
  prepared(db, 'INSERT OR REPLACE INTO data_tree (data_set, blocks, version) VALUES (?, ?, ?)').run(
    dataSetId,
    Buffer.from(settled.map(({ signature }) => signature).join(''), 'latin1'),
    version,
  );
}

/** Blocks with where they begin. */
function spans(blocks: readonly WalkedBlock[]): (WalkedBlock & { filesFrom: number; linksFrom: number })[] {
  let filesFrom = 0;
  let linksFrom = 0;
  return blocks.map((block) => {
    const span = { ...block, filesFrom, linksFrom };
    filesFrom = block.filesTo;
    linksFrom = block.linksTo;
    return span;
  });
}
