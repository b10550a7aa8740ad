import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { edits } from './testing/beside-dvc.ts';
import { reproBesideDvc } from './testing/repro-beside-dvc.ts';

const dvc = pythonEnvironment('.venv-dvc');

test.skipIf('reason' in dvc)(
  'after each kind of edit the same stages run as DVC runs, with the same outputs',
  async () => {
    const reproduced = await reproBesideDvc('python' in dvc ? dvc.python : '', edits);
    for (const { what, theirs, ours } of reproduced) {
      expect.soft(ours, what).toEqual(theirs);
      console.log(`${what}: ${theirs.ran.join(', ') || 'nothing'} ran in DVC`);
    }
  },
  300_000,
);
