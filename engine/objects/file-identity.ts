import type { Stats } from 'node:fs';

/**
 * What tells a file from another one and from itself before a change. Times are milliseconds with a fraction: as doubles they
 * are good to 0.3 microseconds, far less than the time that has to pass before a file is remembered at all.
 */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export const identityOf = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): FileIdentity => ({
  device: dev,
  inode: ino,
  sizeBytes: size,
  mtimeMs,
  ctimeMs,
});

export const isSameFile = (one: FileIdentity, other: FileIdentity): boolean =>
  one.inode === other.inode &&
  one.sizeBytes === other.sizeBytes &&
  one.mtimeMs === other.mtimeMs &&
  one.ctimeMs === other.ctimeMs &&
  one.device === other.device;

/** A clock of a file system ticks this often at worst: ext4 and others with the kernel's tick; FAT and old ones in whole seconds. */
const tickMs = 20;
const coarseTickMs = 2000;

/**
 * Whether a change after `readAt` would be seen in the times of the file. A file that was changed within the same tick of its
 * clock in which it was read may change again and look the same, so it is not remembered (git calls such a file racy).
 * Neither is one whose number is too large for a double.
 * @param readAtMs when reading began, ms UTC.
 */
export function isSettled({ inode, mtimeMs, ctimeMs }: FileIdentity, readAtMs: number): boolean {
  const newest = Math.max(mtimeMs, ctimeMs);
  const tick = newest % 1000 === 0 ? coarseTickMs : tickMs;
  return newest + tick < readAtMs && Number.isSafeInteger(inode);
}
