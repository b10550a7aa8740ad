import Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { announcedAddress, type EngineAddress } from './engine-address.ts';

/** The folder that holds everything one engine owns, held by this process until `release`. */
export interface Home {
  readonly path: string;
  readonly databasePath: string;
  readonly objectsPath: string;
  readonly runsPath: string;
  readonly backupsPath: string;
  /** 256 random bits that stay the same for this home, in hex. */
  readonly token: string;
  /** True when the engine before this one did not close the home. */
  readonly wasUnclean: boolean;
  /** Where the last engine of this home listened: children that it left running still know it by this port. Null at first. */
  readonly lastPort: number | null;
  announce(address: EngineAddress): void;
  /** What this process has announced; null where it listens nowhere. */
  announced(): EngineAddress | null;
  release(): void;
}

/**
 * Makes the folders where needed and takes the home for this process.
 * The hold is a lock of the operating system on `engine.lock`, so it ends with the process however that ends.
 * @throws {BenchtopError} `home-in-use` when another engine holds it.
 */
export function holdHome(path: string): Home {
  for (const folder of [path, join(path, 'objects'), join(path, 'runs'), join(path, 'backups')]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  const lock = takeLock(path);
  const addressPath = join(path, 'engine.json');
  const portPath = join(path, 'port');
  const openMark = join(path, 'open');
  const wasUnclean = existsSync(openMark);
  writeFileSync(openMark, `${process.pid}\n`);
  rmSync(addressPath, { force: true });
  let announced: EngineAddress | null = null;
  return {
    path,
    databasePath: join(path, 'benchtop.db'),
    objectsPath: join(path, 'objects'),
    runsPath: join(path, 'runs'),
    backupsPath: join(path, 'backups'),
    token: tokenOf(path),
    wasUnclean,
    lastPort: lastPortOf(portPath),
    announce(address) {
      writePrivately(addressPath, JSON.stringify(address));
      writePrivately(portPath, `${address.port}\n`);
      announced = address;
    },
    announced: () => announced,
    release() {
      rmSync(addressPath, { force: true });
      rmSync(openMark, { force: true });
      lock.close();
    },
  };
}

function takeLock(path: string): Database.Database {
  const lock = new Database(join(path, 'engine.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!(error instanceof Database.SqliteError) || !error.code.startsWith('SQLITE_BUSY')) throw error;
    const holder = announcedAddress(path);
    throw new BenchtopError(
      {
        code: 'home-in-use',
        what: `Another Benchtop engine is using ${path}.`,
        ...(holder === null ? {} : { evidence: `process ${holder.pid}, http://127.0.0.1:${holder.port}` }),
        next: 'Use that one (`benchtop open`), or choose another home with --home or BENCHTOP_HOME.',
      },
      { cause: error },
    );
  }
}

function lastPortOf(portPath: string): number | null {
  const port = existsSync(portPath) ? Number(readFileSync(portPath, 'utf8')) : Number.NaN;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : null;
}

function tokenOf(path: string): string {
  const tokenPath = join(path, 'token');
  if (existsSync(tokenPath)) {
    const token = readFileSync(tokenPath, 'utf8').trim();
    if (/^[0-9a-f]{64}$/.test(token)) return token;
  }
  const token = randomBytes(32).toString('hex');
  writePrivately(tokenPath, `${token}\n`);
  return token;
}

/** Writes a file that only its owner can read; a reader sees the old content or the new one, never a part. */
function writePrivately(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}
