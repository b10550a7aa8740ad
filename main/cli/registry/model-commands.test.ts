import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../fixture-cli.ts';

let cli: ReturnType<typeof createCli>;
beforeAll(() => {
  cli = createCli();
});
afterAll(() => cli.end());

test(
  'a model goes from a run to a path by its alias, and its card into the project',
  { timeout: 120_000 },
  async () => {
    const script = 'echo accuracy=0.9; echo weights > net.onnx';
    const run = JSON.parse((await cli.cli('run', '--json', '--', 'sh', '-c', script)).stdout) as {
      id: string;
    };
    const registered = await cli.cli('model', 'register', run.id.slice(0, 10), 'churn');
    expect([registered.stdout, registered.code]).toEqual(['churn/1\n', 0]);

    const promoted = await cli.cli('model', 'promote', 'churn/1', '--reason', 'first of all', '--json');
    expect(JSON.parse(promoted.stdout)).toMatchObject({
      previousVersion: null,
      entry: { reason: 'first of all', evidence: { runs: [{ runId: run.id, metrics: { accuracy: 0.9 } }] } },
    });

    const resolved = JSON.parse((await cli.cli('model', 'resolve', 'churn@champion', '--json')).stdout) as {
      path: string;
    };
    expect(resolved).toMatchObject({ name: 'churn', version: 1, runId: run.id, isFolder: false });
    expect(readFileSync(resolved.path, 'utf8')).toBe('weights\n');
    const missing = await cli.cli('model', 'resolve', 'churn@challenger');
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('No version of churn has the alias challenger.');

    const card = await cli.cli('model', 'card', 'churn', '--license', 'mit', '--contact', 'ada', '--save');
    expect(card.stdout).toBe(`${cli.project}/model-cards/churn.md\n`);
    expect(card.stderr).toContain('not said yet: What is it for');
    expect(readFileSync(card.stdout.trim(), 'utf8')).toMatch(/^---\nlicense: mit\nlibrary_name: onnx\n/);

    const json = async (...args: string[]) =>
      JSON.parse((await cli.cli('model', ...args, '--json')).stdout) as object;
    expect(await json('tag', 'churn/1', 'checked=a=b', '--remove', 'none')).toEqual({ checked: 'a=b' });
    expect(await json('tag', 'churn', 'owner=ada')).toEqual({ owner: 'ada' });
    expect(await json('describe', 'churn', 'who leaves')).toMatchObject({ description: 'who leaves' });
    expect(await json('stage', 'churn/1', 'staging', '--reason', 'a try')).toMatchObject({
      stage: 'Staging',
    });
    expect(await json('rename', 'churn', 'leaving')).toMatchObject({
      name: 'leaving',
      tags: { owner: 'ada' },
    });

    const careful = await cli.cli('model', 'delete', 'leaving');
    expect(careful.code).toBe(1);
    expect(careful.stderr).toContain('leaving, 1 version, with champion (1)');
    const gone = await cli.cli('model', 'delete', 'leaving', '--yes', '--reason', 'a mistake');
    expect(gone.stdout).toContain('Back with `benchtop model restore leaving`.');
    expect((await cli.cli('model', 'restore', 'leaving')).stdout).toBe(
      'leaving is back: leaving, 1 version, with champion (1)\n',
    );
    expect(await json('demote', 'leaving')).toMatchObject({ previousVersion: 1 });
    await cli.cli('model', 'delete', 'leaving/1', '--yes');
    expect(await json('restore', 'leaving/1')).toMatchObject({ aliases: [], stage: 'Staging' });
  },
);
