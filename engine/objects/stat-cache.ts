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

const blockOf = (inode: number) => Math.floor(inode / inodesInBlock);

/** Looks files up, with the block of the last one at hand. For one piece of work: what is stored meanwhile is not seen. */
export function statCacheReader(db: Database.Database): (file: FileIdentity) => Buffer | null {
  const bodyOf = prepared(db, 'SELECT body FROM stat_cache WHERE device = ? AND block = ?').pluck();
  let held = { device: Number.NaN, block: Number.NaN, body: null as Buffer | null };
  return (file) => {
    const { device } = file;
    const block = blockOf(file.inode);
    if (held.device !== device || held.block !== block) {
      const body = (bodyOf.get(device, block) as Buffer | undefined) ?? null;
      held = { device, block, body };
    }
    if (held.body === null) return null;
    const at = placeIn(held.body, file.inode);
    if (at === -1 || !isSameFile(fileAt(held.body, at, device), file)) return null;
    return held.body.subarray(at + hashAt, at + fileBytes);
  };
}

export interface RememberedFile {
  readonly identity: FileIdentity;
  /** sha256, 32 bytes. */
  readonly content: Uint8Array;
}

/** Puts files in, over what was known of them. */
export function rememberInStatCache(db: Database.Database, files: readonly RememberedFile[]): void {
  const blocks = new Map<string, RememberedFile[]>();
  for (const file of files) {
    const key = `${file.identity.device} ${blockOf(file.identity.inode)}`;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, [file]);
    else block.push(file);
  }
  const get = prepared(db, 'SELECT body FROM stat_cache WHERE device = ? AND block = ?').pluck();
  const put = prepared(db, 'INSERT OR REPLACE INTO stat_cache (device, block, body) VALUES (?, ?, ?)');
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
    put.run(identity.device, block, body.subarray(0, end));
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
