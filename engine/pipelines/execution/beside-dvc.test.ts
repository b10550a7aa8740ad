import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { edits } from './testing/beside-dvc.ts';
import { reproBesideDvc } from './testing/repro-beside-dvc.ts';

const dvc = pythonEnvironment('.venv-dvc');
if ('reason' in dvc) console.log(`Without DVC, nothing is run beside it: ${dvc.reason}`);

test.skipIf('reason' in dvc)(
  'a project of DVC’s runs unchanged, with the outputs that DVC makes and the stages that DVC runs',
  // The rest of the edits are in beside-dvc.long.test.ts: each costs DVC two seconds.
  async () => {
    const reproduced = await reproBesideDvc('python' in dvc ? dvc.python : '', edits.slice(1, 2));
    for (const { what, theirs, ours } of reproduced) {
      expect.soft(ours, what).toEqual(theirs);
      console.log(`${what}: ${theirs.ran.join(', ') || 'nothing'} ran in DVC`);
    }
  },
  120_000,
);
