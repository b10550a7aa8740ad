import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fileOperations } from './file-operations.ts';
import { fullPackBytes, pieceKinds } from './pack-format.ts';
import { createPackWriter } from './pack-writer.ts';

test('a pack that becomes full while it is synced is closed when nobody syncs it any more', async () => {
  const objectsPath = mkdtempSync(join(tmpdir(), 'benchtop-pack-writer-'));
  try {
    mkdirSync(join(objectsPath, 'packs'));
    let syncs = 0;
    let packs = 0;
    const writer = createPackWriter({
      operations: {
        ...fileOperations,
        async sync(file) {
          // The first is the last to get to the disk.
          if (syncs++ === 0) await sleep(100);
          return fileOperations.sync(file);
        },
      },
      objectsPath,
      nextPack: () => ++packs,
      resumed: null,
    });
    const chunk = Buffer.alloc(1 << 20, 'x');
    const append = () => writer.append(pieceKinds.chunk, Buffer.alloc(32), chunk);
    append();
    const first = writer.sync(writer.era());
    await sleep(20);
    for (let bytes = 0; bytes < fullPackBytes; bytes += chunk.length) append();
    const second = writer.sync(writer.era());
    await expect(first).resolves.toBeUndefined();
    await expect(second).resolves.toBeUndefined();
    expect(packs).toBe(2);
    expect(writer.era()).toBe(0);
    writer.close();
  } finally {
    rmSync(objectsPath, { recursive: true, force: true });
  }
});
