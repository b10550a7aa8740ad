import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openEngine } from '../fixture-engine.ts';

test('an environment whose packages have changed is built again from the lock, and the run comes out the same', async () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-rebuilt-')));
  const folder = join(root, 'project');
  mkdirSync(folder);
  const { api, close } = await openEngine(join(root, 'home'));
  try {
    const python = join(folder, '.venv', 'bin', 'python');
    const pip = (wanted: string) =>
      execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', wanted]);
    execFileSync('python3', ['-m', 'venv', join(folder, '.venv')]);
    pip('six==1.16.0');
    writeFileSync(join(folder, '.gitignore'), '.venv/\n');
    writeFileSync(join(folder, 'train.py'), 'import six\nprint("loss=%s" % six.__version__.split(".")[1])\n');
    const projectId = (await api.projects.open({ path: folder })).id;
    const { runId } = await api.runner.start({ projectId, command: ['.venv/bin/python', 'train.py'] });
    await expect
      .poll(async () => (await api.tracking.run({ runId })).endedAt, { timeout: 60_000 })
      .not.toBeNull();
    expect((await api.tracking.run({ runId })).metrics['loss']?.last).toBe(16);
    const reproduced = async () => {
      const { id } = await api.reproduction.start({ runId });
      for (;;) {
        const one = await api.reproduction.one({ id });
        if (one.state === 'ended') return one;
        await sleep(100);
      }
    };
    // The environment lies in the project, and is used where it lies.
    expect(await reproduced()).toMatchObject({ verdict: 'identical' });

    pip('six==1.17.0');
    const { items } = await api.reproduction.readiness({ runId });
    expect(items.find(({ part }) => part === 'environment')).toMatchObject({
      state: 'differs',
      what: 'other packages: six 1.16.0 then, 1.17.0 now',
    });
    const again = await reproduced();
    console.log(`rebuilt in ${(again.endedAt ?? 0) - again.startedAt} ms: ${again.verdict}, ${again.why}`);
    expect(again).toMatchObject({ verdict: 'identical', metrics: [{ name: 'loss', a: 16, b: 16 }] });
    const environment = await api.environments.ofRun({ runId: again.runId ?? '' });
    expect(environment?.interpreter?.path).toContain(join(root, 'home', 'environments'));
    expect(environment?.packages?.find(({ name }) => name === 'six')?.version).toBe('1.16.0');
  } finally {
    await close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}, 300_000);
