import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { edits } from './testing/beside-dvc.ts';
import { reproBesideDvc } from './testing/repro-beside-dvc.ts';

const dvc = pythonEnvironment('.venv-dvc');

/** What DVC runs once more, since it keeps nothing of an output with `cache: false`; a small one, as this, comes back here. */
const comesBack: Readonly<Record<string, readonly string[]>> = {
  'the param as it was': ['evaluate'],
  'an output written over': ['evaluate'],
};

test.skipIf('reason' in dvc)(
  'after each kind of edit the same stages run as DVC runs, but those that come back, with the same outputs',
  async () => {
    const reproduced = await reproBesideDvc('python' in dvc ? dvc.python : '', edits);
    for (const { what, theirs, ours } of reproduced) {
      const ran = theirs.ran.filter((name) => comesBack[what]?.includes(name) !== true);
      expect.soft(ours, what).toEqual({ ...theirs, ran });
      console.log(`${what}: ${theirs.ran.join(', ') || 'nothing'} ran in DVC`);
    }
  },
  300_000,
);
