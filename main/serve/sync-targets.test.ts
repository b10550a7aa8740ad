import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { registerFetched, untilPull } from './testing/fetched-model.ts';
import { recordRun } from './testing/record-run.ts';
import { openSendingPair, type SendingPair } from './testing/sending-pair.ts';
import { openSendingSide } from './testing/sending-side.ts';
import { untilSettled } from './testing/until-settled.ts';

// Another Benchtop stands for the server, which starts at once.

const secret = 'correct-horse-battery';
let pair: SendingPair;
let { folder, team, proxy, side } = {} as SendingPair;

beforeAll(async () => {
  pair = await openSendingPair();
  ({ folder, team, proxy, side } = pair);
  await side.api.sync.addTarget({ name: 'team', address: proxy.address, auth: 'basic', user: 'ada', secret });
});
afterEach(() => proxy.setFaults(() => null));
afterAll(() => pair.close());

const oneRun = (name: string, from = side) =>
  recordRun(from, { experimentId: '0', name, series: 1, points: 30, files: [10] });

test('a secret is in one file that only its owner can read, and nowhere else', async () => {
  proxy.setFaults(() => ({ kind: 'status', status: 401 }));
  const { runId } = await oneRun('locked');
  await side.api.sync.push({ target: 'team', runIds: [runId] });
  for await (const progress of side.api.sync.progress({})) if (progress.offline.length > 0) break;
  const [target] = await side.api.sync.targets({});
  // A wrong password is not tried again by itself.
  expect(target).toMatchObject({ secretIn: 'file', trouble: { code: 'not-allowed' }, nextAttemptAt: null });
  expect(JSON.stringify(target)).not.toContain(secret);
  await expect(
    side.api.sync.addTarget({ name: 'x', address: `https://ada:${secret}@example.com` }),
  ).rejects.toSatisfy((error) => !String(error).includes(secret));

  const home = join(folder, 'home');
  const holding = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(secret));
  expect(holding).toEqual([join(home, 'secrets.json')]);
  expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  await side.api.sync.removeTarget({ target: 'team' });
  expect(readdirSync(home)).not.toContain('secrets.json');
  expect(await side.api.sync.targets({})).toEqual([]);
  expect((await side.api.sync.outbox({})).counts).toEqual({});

  // Taken back, all of it is as it was, and goes.
  expect(await side.api.sync.restoreTarget({ target: 'team' })).toMatchObject({ secretIn: 'file' });
  expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
  proxy.setFaults(() => null);
  await side.api.sync.retry({});
  expect((await untilSettled(side.api)).find(({ localId }) => localId === runId)?.state).toBe('verified');
  await side.api.sync.removeTarget({ target: 'team' });
  await side.api.sync.addTarget({ name: 'team', address: proxy.address });
  await expect(side.api.sync.restoreTarget({ target: 'team' })).rejects.toMatchObject({ code: 'not-found' });
  expect((await side.api.sync.outbox({})).counts).toEqual({});
});

test('an address is tried before it is kept, with a secret or without one', async () => {
  proxy.setFaults((_method, path) => (path.includes('/api/') ? { kind: 'status', status: 401 } : null));
  const place = { address: proxy.address, auth: 'token', secret } as const;
  await expect(side.api.sync.tryTarget(place)).rejects.toMatchObject({ code: 'not-allowed' });
  proxy.setFaults(() => null);
  expect((await side.api.sync.tryTarget(place)).version).toMatch(/^\d/);
  await expect(side.api.sync.tryTarget({ address: proxy.address, auth: 'token' })).rejects.toMatchObject({
    code: 'invalid-input',
  });
  const share = join(folder, 'tried');
  expect(await side.api.sync.tryTarget({ kind: 'folder', address: share })).toMatchObject({
    notices: ['the folder is not there yet, and will be made'],
  });
  expect(readdirSync(folder)).not.toContain('tried');
  expect((await side.api.sync.targets({})).map(({ name }) => name)).toEqual(['team']);
});

test('a rule that is withdrawn takes back what it put there, and nothing that a person pushed', async () => {
  const runs = [];
  for (const name of ['by hand', 'by rule', 'plain']) runs.push((await oneRun(name)).runId);
  const [byHand = '', byRule = ''] = runs;
  await side.api.sync.addTarget({ name: 'away', address: 'http://127.0.0.1:9' });
  await side.api.sync.push({ target: 'away', runIds: [byHand] });
  for (const runId of [byHand, byRule]) await side.api.tracking.updateRun({ runId, isStarred: true });
  const subject = { target: 'away', what: 'starred' } as const;
  expect((await side.api.sync.planRule(subject)).deliveries.map(({ name }) => name).toSorted()).toEqual([
    'by hand',
    'by rule',
  ]);
  expect(await side.api.sync.rules({})).toEqual([]);
  const rule = await side.api.sync.allowRule(subject);
  expect(rule).toMatchObject({ matches: 2, problems: [] });
  const waiting = async () =>
    (await side.api.sync.outbox({ target: 'away', state: 'waiting' })).deliveries
      .map(({ name, rule: by }) => `${name}, ${by?.what ?? 'a person'}`)
      .toSorted();
  expect(await waiting()).toEqual(['by hand, a person', 'by rule, starred']);
  expect(await side.api.sync.withdrawRule({ ruleId: rule.id })).toEqual({ cancelled: 1 });
  expect(await waiting()).toEqual(['by hand, a person']);
  await side.api.tracking.updateRun({ runId: runs[2] ?? '', isStarred: true });
  await sleep(1500); // longer than a rule waits before it looks
  expect(await waiting()).toEqual(['by hand, a person']);
  await side.api.sync.removeTarget({ target: 'away' });
});

test.skipIf(process.platform !== 'linux')(
  'what is pushed on a metered network waits and says so, but not where that was allowed',
  async () => {
    // A program in the place of systemd's, with what it prints of NetworkManager.
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    writeFileSync(join(programs, 'busctl'), "#!/bin/sh\necho 'u 1'\n", { mode: 0o755 });
    vi.stubEnv('PATH', `${programs}:${process.env['PATH'] ?? ''}`);
    // An engine of its own: what was known of the network a moment ago is not asked again.
    const laptop = await openSendingSide(join(folder, 'metered'));
    const { sync } = laptop.api;
    try {
      await sync.addTarget({ name: 'team', address: proxy.address });
      await sync.push({ target: 'team', runIds: [(await oneRun('metered', laptop)).runId] });
      for await (const { held } of sync.progress({}))
        if (held.length > 0) {
          expect(held).toEqual([{ target: 'team', because: 'metered' }]);
          break;
        }
      const state = async () => (await sync.outbox({})).deliveries[0]?.state;
      expect(await state()).toBe('waiting');
      await sync.changeTarget({ target: 'team', change: { pausesOnMetered: false } });
      await vi.waitUntil(async () => (await state()) === 'verified', { timeout: 20_000 });
    } finally {
      vi.unstubAllEnvs();
      await laptop.close();
    }
  },
);

test('a fetch that is cancelled while nothing comes ends at once, and is gone on with', async () => {
  await registerFetched(team);
  const reader = await openSendingSide(join(folder, 'fetching'));
  try {
    await reader.api.sync.addTarget({ name: 'team', address: proxy.address });
    proxy.setFaults((_method, path) => (path.includes('model.bin') ? { kind: 'silence' } : null));
    const asked = { target: 'team', model: 'fetched/1', registerAs: 'theirs' };
    const { id: pullId } = await reader.api.sync.pull(asked);
    await untilPull(reader.api, ({ fileCount }) => fileCount === 2);
    expect(await reader.api.sync.cancelPull({ pullId })).toMatchObject({ state: 'cancelled' });
    await expect(reader.api.registry.model({ name: 'theirs' })).rejects.toMatchObject({ code: 'not-found' });
    proxy.setFaults(() => null);
    await reader.api.sync.pull(asked);
    expect(await untilPull(reader.api, ({ state }) => state === 'verified')).toMatchObject({
      id: pullId,
      fileCount: 2,
      registeredAs: 'theirs/1',
    });
  } finally {
    await reader.close();
  }
});
