import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { dvcProjects } from './testing/dvc-projects.ts';
import { readBesideDvc } from './testing/read-beside-dvc.ts';

const environment = pythonEnvironment('.venv-dvc');
if ('reason' in environment) console.log(`DVC is not compared with: ${environment.reason}`);

test.skipIf('reason' in environment)(
  'projects of all kinds mean what DVC takes them for',
  async () => {
    if ('reason' in environment) return;
    const seed = Number(process.env.BENCHTOP_SEED ?? Date.now() % 1_000_000);
    const numRuns = Number(process.env.BENCHTOP_CASES ?? 600);
    const projects = fc.sample(dvcProjects, { numRuns, seed });
    const read = await readBesideDvc(environment.python, projects);
    let refused = 0;
    let stageCount = 0;
    for (const [at, { ours, theirs }] of read.entries()) {
      const told = `seed ${seed}, project ${at}:\n${projects[at]?.['params.yaml']}\n${projects[at]?.['dvc.yaml']}`;
      if ('error' in theirs) {
        refused += 1;
        expect(ours, `${told}\nDVC: ${theirs.error}`).toHaveProperty('error');
      } else {
        stageCount += theirs.stages.length;
        expect(ours, told).toEqual(theirs);
      }
    }
    console.log(
      `Beside DVC: ${projects.length} projects (seed ${seed}), ${stageCount} stages the same, ${refused} refused by both.`,
    );
    expect(refused).toBeLessThan(projects.length / 2);
  },
  600_000,
);
