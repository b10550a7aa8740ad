import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { untilPull } from './testing/fetched-model.ts';
import { startLaptop } from './testing/laptop.ts';
import { openSendingSide } from './testing/sending-side.ts';
import { untilSettled } from './testing/until-settled.ts';

/** Takes a moment to be written. */
const weights = randomBytes(12e6);
let folder: string;
let share: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-pull-kill-'));
  share = join(folder, 'share');
  const sender = await openSendingSide(join(folder, 'sender'));
  const { run } = (await sender.post('runs/create', { experiment_id: '0' })) as {
    run: { info: { run_id: string } };
  };
  const runId = run.info.run_id;
  await sender.put(`0/${runId}/artifacts/model/MLmodel`, Buffer.from('flavors: {}\n'));
  await sender.put(`0/${runId}/artifacts/model/data/weights.bin`, weights);
  await sender.post('registered-models/create', { name: 'churn' });
  await sender.post('model-versions/create', {
    name: 'churn',
    source: `runs:/${runId}/model`,
    run_id: runId,
  });
  await sender.api.sync.addTarget({ name: 'share', kind: 'folder', address: share });
  await sender.api.sync.push({ target: 'share', models: ['churn/1'] });
  await untilSettled(sender.api);
  await sender.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['while the folder is written', false],
  ['when the folder is there, and no version of it yet', true],
])(
  'an engine that is killed %s is followed by one that finishes, with nothing twice',
  async (_when, isWhole) => {
    const home = join(folder, `home-${isWhole}`);
    const place = join(folder, `place-${isWhole}`);
    const destination = join(place, 'model');
    const laptop = await startLaptop(home);
    try {
      await laptop.api().sync.addTarget({ name: 'share', kind: 'folder', address: share });
      await laptop.api().sync.pull({ target: 'share', model: 'churn/1', destination, registerAs: 'theirs' });
      const begun = () => existsSync(place) && readdirSync(place).length > 0;
      while (!begun()) await sleep(1);
      if (isWhole) {
        // Nothing can be written down while somebody else holds the database.
        const db = new DatabaseSync(join(home, 'benchtop.db'));
        db.exec('BEGIN IMMEDIATE');
        while (!existsSync(destination)) await sleep(1);
        await laptop.killAndStart(() => db.close());
      } else await laptop.killAndStart();

      const pull = await untilPull(laptop.api(), ({ state }) => state === 'verified');
      expect(pull).toMatchObject({ error: null, registeredAs: 'theirs/1', fileCount: 2 });
      expect(readdirSync(place)).toEqual(['model']);
      expect(readdirSync(destination, { recursive: true }).map(String).toSorted()).toEqual([
        'MLmodel',
        'data',
        'data/weights.bin',
      ]);
      expect(readFileSync(join(destination, 'data/weights.bin')).equals(weights)).toBe(true);
      expect((await laptop.api().registry.model({ name: 'theirs' })).versionCount).toBe(1);
      expect((await laptop.api().sync.pulls({})).length).toBe(1);
    } finally {
      await laptop.stop();
    }
  },
);
