import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  type Stats,
} from 'node:fs';
import { lstat, open, readlink, statfs } from 'node:fs/promises';

/** Reads files of a working tree; never follows a link that stands in a file's place. */
export interface FileReader {
  facts(path: Buffer): Stats | Promise<Stats>;
  content(path: Buffer): Buffer | Promise<Buffer>;
  /** Where a link leads. */
  link(path: Buffer): Buffer | Promise<Buffer>;
}

/** Also no pipe that stands there holds the reader up. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const atOnce: FileReader = {
  facts: (path) => lstatSync(path),
  content(path) {
    const file = openSync(path, flags);
    try {
      if (!fstatSync(file).isFile()) return Buffer.alloc(0);
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  },
  link: (path) => readlinkSync(path, 'buffer'),
};

const inTurn: FileReader = {
  facts: (path) => lstat(path),
  async content(path) {
    const file = await open(path, flags);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  },
  link: (path) => readlink(path, 'buffer'),
};

/** Disks behind a network or a program, by the magic numbers of statfs(2): NFS, SMB, CIFS, SMB2, FUSE, 9P, Ceph, AFS. */
const remote = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400, 0x5346414f,
]);

/**
 * How to read small files below a folder. From a disk of this machine at once: 500 small files take 8 ms so, and 100 ms through the thread
 * pool. From any other in turn, since an answer may be long in coming and nobody else is to wait for it.
 */
export async function fileReader(rootPath: string): Promise<FileReader> {
  const { type } = await statfs(rootPath);
  return remote.has(type >>> 0) ? inTurn : atOnce;
}
