import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordRun } from './testing/record-run.ts';
import { openSendingSide, type SendingSide } from './testing/sending-side.ts';
import { untilSettled } from './testing/until-settled.ts';

let folder: string;
let side: SendingSide;
let runIds: string[];
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=ada', '-c', 'user.email=a@b.c', ...args], { cwd, encoding: 'utf8' });

/** A repository with a commit, a tag and a hook, in which two runs ran; and a bare one beside it. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-git-'));
  const project = join(folder, 'project');
  mkdirSync(project);
  git(project, 'init', '--quiet', '--initial-branch=main');
  writeFileSync(join(project, 'train.sh'), 'true\n');
  git(project, 'add', '.');
  git(project, 'commit', '--quiet', '--message=first');
  git(project, 'tag', '--annotate', 'v1', '--message=one');
  git(project, 'config', 'push.followTags', 'true');
  writeFileSync(join(project, '.git/hooks/pre-push'), '#!/bin/sh\ntouch hooked\nexit 1\n', { mode: 0o755 });
  git(folder, 'init', '--quiet', '--bare', 'remote.git');
  side = await openSendingSide(join(folder, 'home'));
  const { id: projectId } = await side.api.projects.open({ path: project });
  runIds = [];
  for (const lr of ['1', '2']) {
    writeFileSync(join(project, 'train.sh'), `echo ${lr}\n`);
    const { runId } = await side.api.runner.start({ projectId, command: ['sh', 'train.sh'] });
    const snapshot = await side.api.source.snapshot({ runId });
    expect(snapshot?.problem).toBeNull();
    runIds.push(runId);
  }
});
afterAll(async () => {
  await side.close();
  rmSync(folder, { recursive: true, force: true });
});

const remoteRefs = (): string[] =>
  git(join(folder, 'remote.git'), 'for-each-ref', '--format=%(objectname) %(refname)').trim().split('\n');

test('the code of runs goes to a git remote as refs of its own, and nothing else does', async () => {
  const [one = '', two = ''] = runIds;
  const { runId: logged } = await recordRun(side, {
    experimentId: '0',
    name: 'logged',
    series: 0,
    points: 0,
    files: [],
  });
  await side.api.sync.addTarget({ name: 'code', kind: 'git', address: join(folder, 'remote.git') });
  expect((await side.api.sync.testTarget({ target: 'code' })).notices[0]).toBe('it holds 0 snapshots');
  // A run of an MLflow client has no snapshot: told, and left out.
  const plan = await side.api.sync.plan({ target: 'code', runIds: [one, two, logged] });
  expect(plan.deliveries.map(({ localId }) => localId)).toEqual([one, two]);
  expect(plan.notices).toEqual(['logged: no snapshot of its code was taken']);

  const { deliveryIds } = await side.api.sync.push({ target: 'code', runIds: [one, two] });
  await untilSettled(side.api);
  const commitOf = async (runId: string) => (await side.api.source.snapshot({ runId }))?.commitId ?? '';
  const commits = [await commitOf(one), await commitOf(two)];
  expect(remoteRefs().toSorted()).toEqual(
    [`${commits[0]} refs/benchtop/runs/${one}`, `${commits[1]} refs/benchtop/runs/${two}`].toSorted(),
  );
  const { delivery, receipt } = await side.api.sync.delivery({ deliveryId: deliveryIds[0] ?? 0 });
  expect(delivery).toMatchObject({ state: 'verified', error: null });
  expect(receipt?.remoteId).toBe(`refs/benchtop/runs/${one} ${commits[0]}`);

  // Another commit under the same name stays, whatever is pushed.
  git(join(folder, 'remote.git'), 'update-ref', `refs/benchtop/runs/${one}`, commits[1] ?? '');
  await side.api.sync.push({ target: 'code', runIds: [one] });
  await untilSettled(side.api);
  const stuck = (await side.api.sync.delivery({ deliveryId: deliveryIds[0] ?? 0 })).delivery;
  expect(stuck).toMatchObject({
    state: 'conflict',
    conflict: { differences: [{ local: commits[0], remote: commits[1] }], waysOut: ['theirs', 'skip'] },
  });
  expect(remoteRefs()).toContain(`${commits[1]} refs/benchtop/runs/${one}`);
});

test('a remote that is not there is waited for, and one that refuses says why', async () => {
  const [one = ''] = runIds;
  await side.api.sync.addTarget({ name: 'away', kind: 'git', address: join(folder, 'nowhere.git') });
  await expect(side.api.sync.testTarget({ target: 'away' })).rejects.toMatchObject({ code: 'disconnected' });
  git(folder, 'init', '--quiet', '--bare', 'strict.git');
  writeFileSync(join(folder, 'strict.git/hooks/pre-receive'), '#!/bin/sh\necho not today >&2\nexit 1\n', {
    mode: 0o755,
  });
  await side.api.sync.addTarget({ name: 'strict', kind: 'git', address: join(folder, 'strict.git') });
  const { deliveryIds } = await side.api.sync.push({ target: 'strict', runIds: [one] });
  await untilSettled(side.api);
  const { delivery } = await side.api.sync.delivery({ deliveryId: deliveryIds[0] ?? 0 });
  expect(delivery).toMatchObject({ state: 'refused', error: { code: 'conflict' } });
  expect(delivery.error?.evidence).toContain('not today');
  await expect(
    side.api.sync.addTarget({ name: 'x', kind: 'git', address: 'ext::sh -c id' }),
  ).rejects.toMatchObject({ code: 'invalid-input' });
});
