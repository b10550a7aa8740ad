import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFileClock } from './file-clock.ts';
import { maxArtifactBytes, newFilesSince } from './new-files.ts';

test('new and changed files count; old, hidden, edited and foreign ones do not', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-files-'));
  try {
    const write = (path: string) => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), 'x');
    };
    write('old.csv');
    write('changed.csv');
    const clock = createFileClock(join(root, '.clock'));
    const since = await clock.after(clock.now());
    clock.close();
    for (const path of [
      'out/model.pkl',
      'changed.csv',
      'train.py',
      '.git/x',
      '.cache',
      'node_modules/x',
      'env/pyvenv.cfg',
      'env/x',
    ])
      write(path);
    // Unpacked with an old date, yet made now.
    write('unpacked.csv');
    utimesSync(join(root, 'unpacked.csv'), 1, 1);
    symlinkSync(join(root, 'old.csv'), join(root, 'link.csv'));
    write('huge.bin');
    truncateSync(join(root, 'huge.bin'), maxArtifactBytes + 1);
    const { files, tooLarge, isCut } = await newFilesSince(root, since);
    expect(files.map((file) => file.path).toSorted()).toEqual([
      'changed.csv',
      'out/model.pkl',
      'unpacked.csv',
    ]);
    expect(tooLarge).toEqual(['huge.bin']);
    expect(isCut).toBe(false);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
