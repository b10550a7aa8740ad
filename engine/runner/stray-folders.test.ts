import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openEngine } from '../fixture-engine.ts';

test('after a kill the folder of a run that was never recorded is removed, and nothing else', async () => {
  const root = mkdtempSync(join(tmpdir(), 'benchtop-stray-'));
  const home = join(root, 'home');
  const folderAt = (runId: string) => join(home, 'runs', runId);
  const stray = 'a'.repeat(32);
  try {
    const first = await openEngine(home);
    const { id: projectId } = await first.api.projects.open({ path: root });
    const { runId } = await first.api.runner.start({ projectId, command: ['true'] });
    while ((await first.api.tracking.run({ runId })).endedAt === null) await sleep(20);
    await first.close();
    mkdirSync(folderAt(stray));
    writeFileSync(join(folderAt(stray), 'spec.json'), '{}');
    await (await openEngine(home)).close();
    expect(existsSync(folderAt(stray))).toBe(true);
    // What an engine leaves that is killed.
    writeFileSync(join(home, 'open'), '');
    await (await openEngine(home)).close();
    expect([existsSync(folderAt(stray)), existsSync(folderAt(runId))]).toEqual([false, true]);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
