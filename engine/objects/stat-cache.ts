import type Database from 'better-sqlite3';
import { prepared } from '../prepared.ts';
import { isSameFile, type FileIdentity } from './file-identity.ts';

/**
 * The contents that files had when they were last read. A row holds the files of 64 neighbouring inodes, since files that were
 * made together are asked for together: a row for each file would cost as much as the walk (5 against 3 microseconds a file).
 * A file is 64 bytes: inode, size, mtime and ctime as float64, then the sha256.
 */
const inodesInBlock = 64;
const fileBytes = 64;
const hashAt = 32;
/** A row says within so long when it was last of use, in milliseconds … */
const agedMs = 7 * 86_400_000;
/** … and goes with the next removal when that was so long ago: its files have vanished, or nobody asks for them any more. */
const forgottenMs = 60 * 86_400_000;

const blockOf = (inode: number) => Math.floor(inode / inodesInBlock);

/** A row of 64 neighbouring inodes. */
export interface StatCacheBlock {
  readonly device: number;
  readonly block: number;
}

export interface StatCacheReader {
  /** The content of a file that has not changed since it was read, as sha256; null where that is not known. */
  contentOf(file: FileIdentity): Buffer | null;
  /** Rows that were of use, and do not say so yet. */
  readonly aged: readonly StatCacheBlock[];
}

/** Looks files up, with the block of the last one at hand. For one piece of work: what is stored meanwhile is not seen. */
export function statCacheReader(db: Database.Database, nowMs: number): StatCacheReader {
  const rowOf = prepared(db, 'SELECT body, used_at FROM stat_cache WHERE device = ? AND block = ?').raw();
  const aged: StatCacheBlock[] = [];
  let held = { device: Number.NaN, block: Number.NaN, body: null as Buffer | null };
  const contentOf = (file: FileIdentity) => {
    const { device } = file;
    const block = blockOf(file.inode);
    if (held.device !== device || held.block !== block) {
      const [body, usedAt] = (rowOf.get(device, block) as [Buffer, number] | undefined) ?? [null, nowMs];
      held = { device, block, body };
      if (nowMs - usedAt > agedMs) aged.push({ device, block });
    }
    if (held.body === null) return null;
    const at = placeIn(held.body, file.inode);
    if (at === -1 || !isSameFile(fileAt(held.body, at, device), file)) return null;
    return held.body.subarray(at + hashAt, at + fileBytes);
  };
  return { contentOf, aged };
}

/** Notes that rows are of use. */
export function touchStatCache(
  db: Database.Database,
  blocks: readonly StatCacheBlock[],
  nowMs: number,
): void {
  const touch = prepared(db, 'UPDATE stat_cache SET used_at = ? WHERE device = ? AND block = ?');
  for (const { device, block } of blocks) touch.run(nowMs, device, block);
}

/** Removes rows that have been of no use for two months. */
export function shrinkStatCache(db: Database.Database, nowMs: number): void {
  db.prepare('DELETE FROM stat_cache WHERE used_at < ?').run(nowMs - forgottenMs);
}

export interface RememberedFile {
  readonly identity: FileIdentity;
  /** sha256, 32 bytes. */
  readonly content: Uint8Array;
}

/** Puts files in, over what was known of them. */
export function rememberInStatCache(
  db: Database.Database,
  files: readonly RememberedFile[],
  nowMs: number,
): void {
  const blocks = new Map<string, RememberedFile[]>();
  for (const file of files) {
    const key = `${file.identity.device} ${blockOf(file.identity.inode)}`;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [file]);
    else block.push(file);
  }
  const get = prepared(db, 'SELECT body FROM stat_cache WHERE device = ? AND block = ?').pluck();
  const put = prepared(
    db,
    'INSERT OR REPLACE INTO stat_cache (device, block, body, used_at) VALUES (?, ?, ?, ?)',
  );
  for (const some of blocks.values()) {
    const [{ identity }] = some as [RememberedFile, ...RememberedFile[]];
    const block = blockOf(identity.inode);
    const before = (get.get(identity.device, block) as Buffer | undefined) ?? Buffer.alloc(0);
    const body = Buffer.alloc(before.length + some.length * fileBytes);
    body.set(before);
    let end = before.length;
    for (const file of some) {
      let at = placeIn(body.subarray(0, end), file.identity.inode);
      if (at === -1) {
        at = end;
        end += fileBytes;
      }
      writeFile(body, at, file);
    }
    put.run(identity.device, block, body.subarray(0, end), nowMs);
  }
}

function placeIn(bytes: Buffer, inode: number): number {
  for (let at = 0; at < bytes.length; at += fileBytes) if (bytes.readDoubleLE(at) === inode) return at;
  return -1;
}

const fileAt = (bytes: Buffer, at: number, device: number): FileIdentity => ({
  device,
  inode: bytes.readDoubleLE(at),
  sizeBytes: bytes.readDoubleLE(at + 8),
  mtimeMs: bytes.readDoubleLE(at + 16),
  ctimeMs: bytes.readDoubleLE(at + 24),
});

function writeFile(bytes: Buffer, at: number, { identity, content }: RememberedFile): void {
  bytes.writeDoubleLE(identity.inode, at);
  bytes.writeDoubleLE(identity.sizeBytes, at + 8);
  bytes.writeDoubleLE(identity.mtimeMs, at + 16);
  bytes.writeDoubleLE(identity.ctimeMs, at + 24);
  bytes.set(content, at + hashAt);
}
