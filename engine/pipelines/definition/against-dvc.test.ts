import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { dvcCases } from './testing/dvc-cases.ts';
import { dvcProjects } from './testing/dvc-projects.ts';
import { dvcRefusals } from './testing/dvc-refusals.ts';
import { readBesideDvc } from './testing/read-beside-dvc.ts';

const environment = pythonEnvironment('.venv-dvc');
if ('reason' in environment) console.log(`DVC is not compared with: ${environment.reason}`);
const generated = fc.sample(dvcProjects, { numRuns: 12, seed: 1 });

test.skipIf('reason' in environment)(
  'a dvc.yaml means what DVC takes it for',
  async () => {
    if ('reason' in environment) return;
    const cases = [
      ...Object.entries(dvcCases).map(([name, files]) => ({ name, files, isRefused: false })),
      ...Object.entries(dvcRefusals).map(([name, files]) => ({ name, files, isRefused: true })),
      ...generated.map((files) => ({ name: files['dvc.yaml'] ?? '', files, isRefused: null })),
    ];
    const read = await readBesideDvc(
      environment.python,
      cases.map(({ files }) => files),
    );
    for (const [at, { name, isRefused }] of cases.entries()) {
      const { ours, theirs } = read[at] ?? {};
      const outcome = (said: typeof ours) =>
        said === undefined || 'error' in said ? 'refused' : said.stages;
      expect({ name, outcome: outcome(ours), said: ours }, JSON.stringify(theirs)).toMatchObject({
        name,
        outcome: outcome(theirs),
      });
      if (isRefused !== null) expect(outcome(theirs) === 'refused', name).toBe(isRefused);
    }
  },
  120_000,
);
