import { test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { edits } from './testing/beside-dvc.ts';
import { reproBesideDvc } from './testing/repro-beside-dvc.ts';

const dvc = pythonEnvironment('.venv-dvc');

test.skipIf('reason' in dvc)(
  'after each kind of edit the same stages run as DVC runs, with the same outputs',
  () => reproBesideDvc('python' in dvc ? dvc.python : '', edits),
  300_000,
);
