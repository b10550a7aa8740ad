import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileOperations, type FileOperations } from './file-operations.ts';
import { noise } from './fixture-objects.ts';
import { gearMemory } from './gear-roll.ts';
import { packPath } from './pack-format.ts';
import { createPackReader } from './pack-reader.ts';
import { createPackWriter } from './pack-writer.ts';
import { proofBytes, proofOf } from './proof.ts';
import { outcomes, slotBytes, takeFiles } from './take-files.ts';

/** Operations of which the n-th call fails, and those of the same kind after it for a while. */
function failing(
  n: number,
  code: string,
  lasting: number,
): { operations: FileOperations; calls: () => number } {
  let calls = 0;
  const counted =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      calls++;
      if (calls >= n && calls < n + lasting) throw Object.assign(new Error(`${code}: injected`), { code });
      return work(...args);
    };
  return {
    operations: {
      open: counted(fileOperations.open),
      stat: counted(fileOperations.stat),
      read: counted(fileOperations.read),
      write: counted((file: number, bytes: Uint8Array, position: number) =>
        // A full disk takes a part, as it does.
        fileOperations.write(file, bytes.subarray(0, Math.max(1, bytes.length - 7)), position),
      ),
      writeParts: counted((file: number, parts: readonly Uint8Array[], position: number) => {
        const bytes = Buffer.concat(parts);
        return fileOperations.write(file, bytes.subarray(0, Math.max(1, bytes.length - 7)), position);
      }),
      truncate: counted(fileOperations.truncate),
      sync: (file) => counted(async () => fileOperations.sync(file))(),
      close: fileOperations.close,
      remove: fileOperations.remove,
    },
    calls: () => calls,
  };
}

interface Acknowledged {
  readonly pack: number;
  readonly position: number;
  readonly sizeBytes: number;
  readonly proof: Uint8Array;
}

/** Stores some files in groups, as the engine does: what a group has stored counts when its sync has resolved. */
async function storeGroups(
  folder: string,
  operations: FileOperations,
): Promise<{ acknowledged: Acknowledged[]; failures: number }> {
  const objectsPath = join(folder, 'objects');
  mkdirSync(join(objectsPath, 'packs'), { recursive: true });
  let next = 1;
  const context = {
    operations,
    objectsPath,
    index: {
      storedAt: () => null,
      chunksByProof: () => [],
      contents: () => () => null,
      together: <T>(work: () => T) => work(),
    },
    writer: createPackWriter({ operations, objectsPath, nextPack: () => next++, resumed: null }),
    reader: createPackReader(operations, objectsPath),
    memory: gearMemory(slotBytes),
    now: Date.now,
  };
  const acknowledged: Acknowledged[] = [];
  let failures = 0;
  for (const group of [['a', 'b'], ['large'], ['c'], ['d']]) {
    try {
      const paths = group.map((name) => join(folder, name));
      const taken = takeFiles(context, { paths, isStored: true });
      await context.writer.sync(taken.era);
      for (let at = 0; at < taken.count; at++) {
        if (taken.outcomes[at] === outcomes.trouble) failures++;
        if (taken.outcomes[at] !== outcomes.whole) continue;
        const proof = taken.contents.slice(at * 32, at * 32 + 32);
        const place = { pack: taken.packs[at]!, position: taken.positions[at]! };
        acknowledged.push({ ...place, sizeBytes: taken.sizes[at]!, proof });
      }
      for (const { chunks } of taken.chunked)
        for (let index = 0; index < chunks.count; index++)
          acknowledged.push({
            pack: chunks.packs[index]!,
            position: chunks.positions[index]!,
            sizeBytes: chunks.sizes[index]!,
            proof: chunks.proofs.slice(index * proofBytes, (index + 1) * proofBytes),
          });
    } catch {
      failures++;
    }
  }
  context.writer.close();
  return { acknowledged, failures };
}

test.each([
  ['ENOSPC', 5],
  ['EIO', 1],
])('%s at any call loses nothing that was acknowledged', async (code, lasting) => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-faults-'));
  try {
    for (const [index, name] of ['a', 'b', 'c', 'd'].entries())
      writeFileSync(join(folder, name), noise(index + 1, 3000));
    writeFileSync(join(folder, 'large'), noise(9, 300_000));
    for (let n = 1; ; n++) {
      rmSync(join(folder, 'objects'), { recursive: true, force: true });
      const { operations, calls } = failing(n, code, lasting);
      const { acknowledged, failures } = await storeGroups(folder, operations);
      for (const { pack, position, sizeBytes, proof } of acknowledged) {
        const bytes = readFileSync(packPath(join(folder, 'objects'), pack)).subarray(
          position,
          position + sizeBytes,
        );
        const found =
          proof.length === proofBytes ? proofOf(bytes) : createHash('sha256').update(bytes).digest();
        expect(found.equals(proof), `call ${n}`).toBe(true);
      }
      if (calls() < n) {
        expect(failures).toBe(0);
        expect(n).toBeGreaterThan(30);
        break;
      }
      expect(failures + acknowledged.length, `call ${n}`).toBeGreaterThan(0);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
