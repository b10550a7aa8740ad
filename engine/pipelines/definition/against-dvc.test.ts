import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { pythonEnvironment } from '../../fixture-python.ts';
import { readPipeline } from './index.ts';
import { dvcCases } from './testing/dvc-cases.ts';
import { resolveWithDvc, type DvcStage } from './testing/resolve-with-dvc.ts';

const environment = pythonEnvironment('.venv-dvc');
if ('reason' in environment) console.log(`DVC is not compared with: ${environment.reason}`);

test.skipIf('reason' in environment)(
  'a dvc.yaml means what DVC takes it for',
  async () => {
    if ('reason' in environment) return;
    const folder = mkdtempSync(join(tmpdir(), 'against-dvc-'));
    const names = Object.keys(dvcCases);
    const folders = names.map((name, index) => {
      const project = join(folder, String(index));
      const files = { '.dvc/config': '[core]\n    no_scm = true\n', ...dvcCases[name] };
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(project, dirname(path)), { recursive: true });
        writeFileSync(join(project, path), text);
      }
      return project;
    });
    const theirs = resolveWithDvc(environment.python, folders);
    const ours = await Promise.all(
      folders.map(async (project) => {
        const pipeline = await readPipeline(project);
        if (pipeline === null) return { error: 'no pipeline' };
        const [problem] = pipeline.problems;
        return problem === undefined ? { stages: asDvcTells(pipeline) } : { error: problem.message };
      }),
    );
    for (const [index, name] of names.entries()) {
      const [us, them] = [ours[index], theirs[index]];
      const outcome = (said: typeof us) => (said === undefined || 'error' in said ? 'refused' : said.stages);
      expect({ name, outcome: outcome(us), said: us }, JSON.stringify(them)).toMatchObject({
        name,
        outcome: outcome(them),
      });
      expect(outcome(them) === 'refused', name).toBe(name.startsWith('refused'));
    }
  },
  120_000,
);

function asDvcTells(pipeline: NonNullable<Awaited<ReturnType<typeof readPipeline>>>): DvcStage[] {
  return pipeline.stages
    .map((stage) => ({
      name: stage.name,
      cmd: stage.commands,
      wdir: stage.workingFolder,
      deps: stage.deps,
      externalDeps: stage.externalDeps,
      params: Object.fromEntries(stage.params.map(({ file, names }) => [file, names])),
      outs: stage.outputs.map(({ path, kind, isCached, isPersistent }) => ({
        path,
        kind,
        cache: isCached,
        persist: isPersistent,
      })),
      frozen: stage.isFrozen,
      always_changed: stage.isAlwaysChanged,
      desc: stage.description,
      upstream: [...stage.upstream].sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
