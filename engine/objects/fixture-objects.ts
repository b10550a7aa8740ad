import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdHome, openStore, type Home, type Store } from '../store/index.ts';
import { migrations } from './migrations.ts';
import { createObjects, type Objects } from './objects.ts';

export interface ObjectsFixture {
  /** Removed with everything below it at the end; the home is a folder in it. */
  readonly folder: string;
  readonly home: Home;
  readonly store: Store;
  readonly objects: Objects;
  /** Bytes of all packs. */
  packBytes(): number;
  packFiles(): string[];
  close(): Promise<void>;
}

/** For tests: the objects of a home of their own. */
export async function openObjects({
  folder = mkdtempSync(join(tmpdir(), 'benchtop-objects-')),
  now = Date.now,
}: { folder?: string; now?: () => number } = {}): Promise<ObjectsFixture & { remove(): Promise<void> }> {
  const home = holdHome(join(folder, 'home'));
  const store = await openStore({
    home,
    // This room's alone, which need no other's: numbers run through all rooms.
    migrations: migrations.map((step, index) => ({ ...step, number: index + 1 })),
    readerEntry: new URL('./fixture-reader.ts', import.meta.url),
    onSlow: () => undefined,
    onDamage: (evidence) => {
      throw new Error(evidence);
    },
    onUnexpected: (error) => {
      throw error;
    },
  });
  const objects = createObjects(home, store, now);
  const packFiles = () =>
    readdirSync(join(home.objectsPath, 'packs')).map((name) => join(home.objectsPath, 'packs', name));
  const close = async () => {
    await objects.close();
    await store.close();
    home.release();
  };
  return {
    folder,
    home,
    store,
    objects,
    packFiles,
    packBytes: () => packFiles().reduce((sum, path) => sum + statSync(path).size, 0),
    close,
    async remove() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Bytes without pattern from a seed, so that a failure can be shown again (xorshift32). */
export function noise(seed: number, length: number): Buffer<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let x = seed | 1;
  for (let index = 0; index < words.length; index++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    words[index] = x;
  }
  return Buffer.from(words.buffer, 0, length);
}
