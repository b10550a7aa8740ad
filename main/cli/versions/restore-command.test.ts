import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCli } from '../fixture-cli.ts';

const house = createCli();
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
    cwd: house.project,
    encoding: 'utf8',
  }).trim();
beforeAll(() => {
  git('init', '--quiet', '--initial-branch=main');
  writeFileSync(join(house.project, 'train.sh'), 'echo loss=0.5\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'first');
});
afterAll(() => house.end());

test('the code of a run is shown, and comes back after it was changed', async () => {
  writeFileSync(join(house.project, 'train.sh'), 'echo loss=0.25\n');
  writeFileSync(join(house.project, '.env'), 'TOKEN=not-for-anybody\n');
  const { runId } = await started();
  writeFileSync(join(house.project, 'train.sh'), 'echo other\n');
  const commit = git('rev-parse', `refs/benchtop/runs/${runId}`);

  const shown = (await house.cli('show', runId)).stdout;
  expect(shown).toMatch(
    new RegExp(String.raw`\ncode\n +snapshot +${commit}\n +on top of +${git('rev-parse', 'HEAD')}`),
  );
  expect(shown).toMatch(/left out \(secret\) +\.env +By its name it is an environment file\./);
  expect(shown).not.toContain('not-for-anybody');
  const restored = await house.cli('restore', runId.slice(0, 12), 'back', '--branch', 'from-run', '--json');
  expect(JSON.parse(restored.stdout)).toEqual({
    folder: join(house.project, 'back'),
    fileCount: 2,
    missing: [{ path: '.env', why: 'By its name it is an environment file.' }],
    branch: 'from-run',
    commitId: commit,
    repositoryPath: join(house.project, '.git'),
  });
  expect(git('rev-parse', 'from-run')).toBe(commit);
  expect(readFileSync(join(house.project, 'back/train.sh'), 'utf8')).toBe('echo loss=0.25\n');
  expect(existsSync(join(house.project, 'back/.env'))).toBe(false);
  const again = await house.cli('restore', runId, 'back');
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toContain('is not empty');
  expect(readFileSync(join(house.project, 'train.sh'), 'utf8')).toBe('echo other\n');
});

async function started(): Promise<{ runId: string }> {
  const { code, stdout } = await house.cli('run', '--json', '--', 'sh', 'train.sh');
  expect(code).toBe(0);
  return { runId: (JSON.parse(stdout) as { id: string }).id };
}
