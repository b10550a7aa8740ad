import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fileOperations, type FileOperations } from './file-operations.ts';
import { fullPackBytes, pieceKinds } from './pack-format.ts';
import { createPackWriter, type PackWriter, type Place } from './pack-writer.ts';

/** A writer of packs in a folder of its own, on a disk that may be given other calls. */
function withWriter(
  calls: Partial<FileOperations>,
  work: (writer: PackWriter, packs: string) => Promise<void>,
): Promise<void> {
  const objectsPath = mkdtempSync(join(tmpdir(), 'benchtop-pack-writer-'));
  const packs = join(objectsPath, 'packs');
  mkdirSync(packs);
  let number = 0;
  const operations = { ...fileOperations, ...calls };
  const writer = createPackWriter({ operations, objectsPath, nextPack: () => ++number, resumed: null });
  return work(writer, packs).finally(() => {
    writer.close();
    rmSync(objectsPath, { recursive: true, force: true });
  });
}

const proof = Buffer.alloc(16, 1);

test('a pack that becomes full while it is synced is closed when nobody syncs it any more', async () => {
  let syncs = 0;
  const calls = {
    async sync(file: number) {
      // The first is the last to get to the disk.
      if (syncs++ === 0) await sleep(100);
      return fileOperations.sync(file);
    },
  };
  await withWriter(calls, async (writer, packs) => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    const append = () => writer.append(pieceKinds.chunk, proof, chunk);
    append();
    const first = writer.sync(writer.era());
    await sleep(20);
    for (let bytes = 0; bytes < fullPackBytes; bytes += chunk.length) append();
    const second = writer.sync(writer.era());
    await expect(first).resolves.toBeUndefined();
    await expect(second).resolves.toBeUndefined();
    expect(readdirSync(packs)).toHaveLength(2);
    expect(writer.era()).toBe(0);
  });
});

test('what is lent is written beside the thread, between what is appended, and given back', async () => {
  /** A slow disk that takes a part of what it is given. */
  const calls = {
    async writePartsBeside(file: number, parts: readonly Uint8Array[], position: number) {
      await sleep(20);
      return fileOperations.write(file, Buffer.concat(parts).subarray(0, -5), position);
    },
  };
  await withWriter(calls, async (writer, packs) => {
    const small = Buffer.alloc(100, 's');
    const chunks = Array.from({ length: 5 }, (_, index) => Buffer.alloc(300_000, `${index}`));
    const before = writer.append(pieceKinds.whole, proof, small);
    const places = chunks.slice(0, 4).map((chunk) => writer.lend(proof, chunk));
    const behind = writer.append(pieceKinds.whole, proof, small);
    places.push(...chunks.slice(4).map((chunk) => writer.lend(proof, chunk)));
    expect(places.map((place) => writer.lentAt(place))).toEqual(chunks);
    await writer.returned();
    expect(places.map((place) => writer.lentAt(place))).toEqual(chunks.map(() => undefined));
    await writer.sync(0);
    const pack = readFileSync(join(packs, '1.pack'));
    const at = ({ position }: Place, length: number) => pack.subarray(position, position + length);
    for (const place of [before, behind]) expect(at(place, small.length)).toEqual(small);
    for (const [index, place] of places.entries())
      expect(at(place, 300_000).equals(chunks[index] ?? small)).toBe(true);
  });
});

test('what is lent to a full pack is on disk before the pack is closed', async () => {
  const events: string[] = [];
  const calls: Partial<FileOperations> = {
    async writePartsBeside(file, parts, position) {
      await sleep(50);
      events.push('written');
      return fileOperations.writePartsBeside(file, parts, position);
    },
    sync(file) {
      events.push('synced');
      return fileOperations.sync(file);
    },
  };
  await withWriter(calls, async (writer, packs) => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    for (let bytes = 0; bytes < fullPackBytes; bytes += chunk.length) writer.lend(proof, chunk);
    await writer.sync(0);
    expect(events.slice(0, 2)).toEqual(['written', 'synced']);
    expect(statSync(join(packs, '1.pack')).size).toBeGreaterThan(fullPackBytes);
  });
});

test('a disk that refuses what is lent is told to whoever lent it and to whoever syncs; the pack keeps what was synced', async () => {
  let isFull = false;
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const closed: number[] = [];
  let writing = 0;
  const calls: Partial<FileOperations> = {
    async writePartsBeside(file, parts, position) {
      writing++;
      await sleep(20);
      writing--;
      if (isFull) throw full;
      return fileOperations.writePartsBeside(file, parts, position);
    },
    close(file) {
      closed.push(writing);
      fileOperations.close(file);
    },
  };
  await withWriter(calls, async (writer, packs) => {
    const chunk = Buffer.alloc(300_000, 'x');
    writer.lend(proof, chunk);
    await writer.sync(0);
    const { size } = statSync(join(packs, '1.pack'));
    isFull = true;
    const lost = writer.lend(proof, chunk);
    const first = writer.returned();
    writer.lend(proof, chunk);
    await expect(first).rejects.toBe(full);
    await expect(writer.sync(0)).rejects.toBe(full);
    expect(writer.lentAt(lost)).toBeUndefined();
    await expect.poll(() => statSync(join(packs, '1.pack')).size).toBe(size);
    expect(closed, 'nothing is being written to a file that is closed').toEqual(closed.map(() => 0));
    isFull = false;
    const again = writer.lend(proof, chunk);
    expect(again.pack).toBe(2);
    await writer.sync(writer.era());
  });
});
