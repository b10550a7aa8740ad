import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileOperations } from './file-operations.ts';
import { failing, faults, testFault } from './testing/fault-tests.ts';
import { inProcess, putPaths } from './fixture-in-process.ts';
import { noise } from './fixture-objects.ts';
import { largeFileBytes } from './take-files.ts';
import { writeOut } from './write-out.ts';

testFault(faults.fullDisk);

test('a file that is written out in parts is whole or not there, whatever call fails', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-faults-'));
  const source = join(folder, 'source');
  const path = join(folder, 'out');
  const content = noise(1, largeFileBytes + 1_000_000);
  writeFileSync(source, content);
  const objectId = hash('sha256', content, 'hex');
  let faulty = failing(faults.badSector, Infinity);
  const operations = new Proxy({} as FileOperations, {
    get: (_, name: keyof FileOperations) => faulty.operations[name],
  });
  let calls = 0;
  await inProcess(
    join(folder, 'home'),
    { operations, onWrite: () => undefined, now: Date.now },
    async (rooms) => {
      // What is read and cut by two is read by one here.
      await putPaths(rooms, [source]);
      const write = () => writeOut(rooms, [{ objectId, path, mode: 0o755 }], {});
      for (const fault of Object.values(faults))
        for (let n = 1; ; n++) {
          faulty = failing(fault, n);
          const failure = await write().catch((error: unknown) => error);
          if (faulty.calls() < n) {
            expect(failure).toBe(undefined);
            expect(hash('sha256', readFileSync(path), 'hex')).toBe(objectId);
            rmSync(path);
            break;
          }
          calls++;
          expect(failure, `${fault.code} at call ${n}`).not.toBe(undefined);
          expect(existsSync(path), `${fault.code} at call ${n}`).toBe(false);
          faulty = failing(fault, Infinity);
        }
    },
  );
  console.log(`a file of ${content.length} bytes written out with each of ${calls} calls failing`);
  expect(calls).toBeGreaterThan(200);
  rmSync(folder, { recursive: true, force: true });
});
