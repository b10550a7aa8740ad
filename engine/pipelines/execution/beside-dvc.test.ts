import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { benchtopSide, dvcSide, edits } from './testing/beside-dvc.ts';

const dvc = pythonEnvironment('.venv-dvc');
if ('reason' in dvc) console.log(`Without DVC, nothing is run beside it: ${dvc.reason}`);

test.skipIf('reason' in dvc)(
  'a project of DVC’s runs unchanged, with the outputs that DVC makes and the stages that DVC runs',
  async () => {
    if ('reason' in dvc) return;
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-beside-dvc-')));
    for (const name of ['dvc', 'benchtop']) mkdirSync(join(root, name));
    const theirs = await dvcSide(join(root, 'dvc'), dvc.python);
    const ours = await benchtopSide(join(root, 'benchtop'), dvc.python);
    try {
      // The rest of the edits are in beside-dvc.long.test.ts: each costs DVC two seconds.
      for (const [what, edit] of [['everything', () => undefined], edits[1]!] as const) {
        for (const side of [theirs, ours]) side.edit(edit);
        expect(await ours.repro(), what).toEqual(await theirs.repro());
      }
    } finally {
      await ours.close();
      rmSync(root, { recursive: true, force: true });
    }
  },
  120_000,
);
