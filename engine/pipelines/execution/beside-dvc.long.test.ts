import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { benchtopSide, dvcSide, edits } from './testing/beside-dvc.ts';

const dvc = pythonEnvironment('.venv-dvc');

test.skipIf('reason' in dvc)(
  'after each kind of edit the same stages run as DVC runs, with the same outputs',
  async () => {
    if ('reason' in dvc) return;
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-beside-dvc-')));
    for (const name of ['dvc', 'benchtop']) mkdirSync(join(root, name));
    const theirs = await dvcSide(join(root, 'dvc'), dvc.python);
    const ours = await benchtopSide(join(root, 'benchtop'), dvc.python);
    try {
      for (const [what, edit] of [['everything', () => undefined] as const, ...edits]) {
        for (const side of [theirs, ours]) side.edit(edit);
        const expected = await theirs.repro();
        expect.soft(await ours.repro(), what).toEqual(expected);
        console.log(`${what}: ${expected.ran.join(', ') || 'nothing'} ran in DVC`);
      }
    } finally {
      await ours.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
  300_000,
);
