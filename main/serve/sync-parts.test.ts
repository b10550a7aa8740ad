import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort, startBenchtop, type Peer } from './testing/mlflow-peers.ts';
import { startPartStore, type PartStore } from './testing/part-store.ts';
import { openSendingSide, type SendingSide } from './testing/sending-side.ts';
import { untilSettled } from './testing/until-settled.ts';

// A real `mlflow server` over an object store is tried in sync-parts.long.test.ts. Here a small one takes the parts, for another Benchtop.

const mebi = 1024 * 1024;
/** Three parts of 8 MiB, the last of them a small one. */
const content = randomBytes(17 * mebi);
const sha256 = createHash('sha256').update(content).digest('hex');
const secret = 'correct-horse-battery';

let folder: string;
let team: Peer;
let parts: PartStore;
let side: SendingSide;
let experimentId: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-parts-'));
  team = await startBenchtop(join(folder, 'team'));
  parts = await startPartStore(() => team.address);
  side = await openSendingSide(join(folder, 'home'));
  ({ experiment_id: experimentId } = (await side.post('experiments/create', { name: 'parts' })) as {
    experiment_id: string;
  });
  await side.api.sync.addTarget({ name: 'team', address: parts.address, auth: 'basic', user: 'ada', secret });
});
afterEach(() => {
  parts.setFaults(() => null);
  parts.setStore(null);
  parts.setOld(false);
});
afterAll(async () => {
  await side.close();
  await parts.close();
  await team.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a run with the large file into the outbox. What the store hears from here on is of it. */
async function pushLarge(name: string): Promise<number> {
  parts.forget();
  const { run } = (await side.post('runs/create', { experiment_id: experimentId, run_name: name })) as {
    run: { info: { run_id: string } };
  };
  const runId = run.info.run_id;
  await side.put(`${experimentId}/${runId}/artifacts/weights.bin`, content);
  await side.post('runs/update', { run_id: runId, status: 'FINISHED' });
  const { deliveryIds } = await side.api.sync.push({ target: 'team', runIds: [runId] });
  return deliveryIds[0] ?? 0;
}

/** The receipt, of what was read back from there. */
async function arrived(deliveryId: number) {
  await untilSettled(side.api);
  const { delivery, receipt } = await side.api.sync.delivery({ deliveryId });
  expect(delivery).toMatchObject({ state: 'verified', error: null });
  expect(receipt?.files).toEqual([{ path: 'weights.bin', sizeBytes: content.length, sha256 }]);
  return { delivery, notices: receipt?.notices ?? [] };
}

const takenParts = () => parts.taken.map(({ part }) => part);
const sum = (sizes: readonly { sizeBytes: number }[]): number =>
  sizes.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

test('a file that is cut off in a part goes on with that part, in the next engine too, and is put together once', async () => {
  let cuts = 0;
  parts.setFaults((part) => (part === 2 && cuts++ < 2 ? 'cut' : null));
  const deliveryId = await pushLarge('resumed');
  await until(() => cuts === 1);
  await side.close();
  side = await openSendingSide(join(folder, 'home'));
  parts.breakNext('complete', 'drop');
  const { delivery, notices } = await arrived(deliveryId);
  expect(takenParts()).toEqual([1, 2, 2, 2, 3]);
  expect(sum(parts.taken)).toBeLessThanOrEqual(content.length + cuts * 8 * mebi);
  // The answer to the completion never came; the file was there, and was looked for first.
  expect(parts.asked).toEqual(['create', 'complete']);
  expect(notices).toEqual([]);
  expect(delivery.sentBytes).toBeGreaterThan(content.length);
  // The team's secret is the team's, and nothing that was signed is kept.
  expect(parts.heard.map(({ authorization }) => authorization)).toEqual(parts.heard.map(() => undefined));
  expect(keptUploads()).toBe(0);
});

test('a part that a byte falls over in is refused by its sum, and sent again', async () => {
  let damages = 0;
  parts.setFaults((part) => (part === 2 && damages++ === 0 ? 'damaged' : null));
  await arrived(await pushLarge('damaged'));
  expect(takenParts()).toEqual([1, 2, 2, 3]);
  expect(parts.asked).toEqual(['create', 'complete']);
});

test('a large file is read back from the store, and from where it was cut off', async () => {
  parts.cutAnswers(5 * mebi, 3 * mebi);
  const { delivery } = await arrived(await pushLarge('read back'));
  const [first, second = 0, third = 0, ...more] = parts.givenFrom;
  expect([first, more]).toEqual([0, []]);
  // What was still on the way when the line broke may be lost.
  expect(second).toBeGreaterThan(0);
  expect(second).toBeLessThanOrEqual(5 * mebi);
  expect(third).toBeGreaterThan(second);
  expect(third).toBeLessThanOrEqual(second + 3 * mebi);
  const { operations } = await side.api.sync.delivery({ deliveryId: delivery.id });
  expect(operations.find(({ kind }) => kind === 'file')?.attempts).toBe(1);
  expect(parts.heard.map(({ authorization }) => authorization)).toEqual(parts.heard.map(() => undefined));
});

test('addresses whose time is over are asked for anew; after the third time the file goes whole, and that is told', async () => {
  let expiries = 0;
  parts.setFaults((part) => (part === 3 && expiries++ === 0 ? 'expired' : null));
  expect((await arrived(await pushLarge('late'))).notices).toEqual([]);
  expect(parts.asked).toEqual(['create', 'abort', 'create', 'complete']);

  parts.setFaults((part) => (part === 2 ? 'expired' : null));
  const { notices } = await arrived(await pushLarge('too late'));
  expect(parts.asked).toEqual(['create', 'abort', 'create', 'abort', 'create', 'abort']);
  expect(notices).toEqual([expect.stringContaining('weights.bin went whole, not in parts')]);
  // What was signed is in no word of the store's that is told.
  for (const { signature } of parts.heard) expect(notices.join()).not.toContain(signature);
  expect(keptUploads()).toBe(0);
});

test('a store that only the server can reach gets the file through the server', async () => {
  parts.setStore(`http://127.0.0.1:${await freePort()}`);
  const { notices } = await arrived(await pushLarge('unreachable'));
  expect(notices).toEqual([expect.stringContaining('cannot be reached')]);
  expect(parts.taken).toEqual([]);
  expect(parts.asked).toEqual(['create', 'abort']);
});

test('a server that says nothing of parts is asked for them, and its no is told', async () => {
  parts.setOld(true);
  // As somebody who opens it anew finds it.
  await side.api.sync.changeTarget({ target: 'team', change: { isPaused: false } });
  const { notices } = await arrived(await pushLarge('old'));
  expect(notices).toEqual([expect.stringMatching(/went whole.*Multipart upload is not supported/)]);
  expect(parts.taken).toEqual([]);
});

test('what is cancelled is ended at the store, with the next engine where the line is away', async () => {
  parts.setFaults((part) => (part === 2 ? 'cut' : null));
  const deliveryId = await pushLarge('cancelled');
  await until(() => takenParts().includes(2));
  await side.api.sync.cancel({ deliveryIds: [deliveryId] });
  await until(() => parts.asked.includes('abort'));
  await until(() => keptUploads() === 0);

  const other = await pushLarge('cancelled without a line');
  await until(() => takenParts().includes(2));
  const { operations } = await side.api.sync.delivery({ deliveryId: other });
  expect(operations.find(({ kind }) => kind === 'file')).toMatchObject({ doneBytes: 8 * mebi });
  parts.breakNext('abort', 'cut');
  await side.api.sync.cancel({ deliveryIds: [other] });
  await until(() => parts.asked.includes('cut abort'));
  await side.close();
  expect(keptUploads()).toBe(1);
  side = await openSendingSide(join(folder, 'home'));
  await until(() => keptUploads() === 0);
  expect(parts.asked).toEqual(['create', 'cut abort', 'abort']);
});

/** Uploads that this home knows of: begun, and not over. */
function keptUploads(): number {
  const db = new DatabaseSync(join(folder, 'home', 'benchtop.db'), { readOnly: true });
  try {
    return (db.prepare('SELECT count(*) AS count FROM sync_upload').get() as { count: number }).count;
  } finally {
    db.close();
  }
}
