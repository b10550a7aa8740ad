import { createHash } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { HistoryEntry } from '../contract/index.ts';
import { bareRecords } from '../engine/fixture-registry-records.ts';
import { createObjects } from '../engine/objects/index.ts';
import {
  createRegistry,
  insertModelVersion,
  insertRegisteredModel,
  setAlias,
  setVersionTag,
  type Cause,
  type Registry,
} from '../engine/registry/index.ts';
import type { Store } from '../engine/store/index.ts';
import type { Figure, Measure } from './measure.ts';
import { withHome } from './with-home.ts';
import { elapsed } from './with-objects.ts';

const entries = 100_000;
const models = 10;
const versionsOfEach = 100;
const minuteMs = 60_000;
const rounds = 20;
const wholeRounds = 5;

export const registryHistory: Measure = {
  name: 'registry-history',
  question: 'Who was the champion on a day, and is the history whole, after 100,000 changes of the registry?',
  goal: 'champion on a date within 1 s',
  async run({ scratch }) {
    const figures: Figure[] = [];
    await withHome(await mkdtemp(join(scratch, 'history-')), async (store, tracking, home) => {
      const objects = createObjects(home, store, Date.now);
      const { handlers } = createRegistry({
        homePath: home.path,
        store,
        objects,
        records: bareRecords(tracking.run),
        onChange: () => undefined,
        now: () => entries * minuteMs,
      });
      await fill(store);
      figures.push(...(await measured(handlers)));
      await objects.close();
    });
    return {
      figures,
      notes: [
        `${entries.toLocaleString('en-US')} entries over ${models} models with ${versionsOfEach} versions each, a minute apart; mostly promotions and tags.`,
        'MLflow keeps no history of its registry, so there is no peer.',
      ],
    };
  },
};

/** Registers, tags and promotes, a minute apart, until the history is that long. */
async function fill(store: Store): Promise<void> {
  await store.write('bench', (db) => {
    let count = 0;
    const cause = (): Cause => ({
      at: count++ * minuteMs,
      who: 'ada',
      via: 'bench',
      reason: `reason ${count}`,
      evidence: { runs: [{ version: 1, runId: 'a'.repeat(32), runName: 'run', metrics: { accuracy: 0.9 } }] },
    });
    const ids = Array.from({ length: models }, (_, at) =>
      insertRegisteredModel(db, { name: `model ${at}`, description: '', tags: {} }, cause()),
    );
    for (const model of ids)
      for (let each = 0; each < versionsOfEach; each++)
        insertModelVersion(
          db,
          {
            model,
            description: '',
            source: 's',
            storageLocation: 's',
            runId: '',
            runLink: '',
            modelId: '',
            tags: {},
          },
          cause(),
        );
    for (let left = entries - count; left > 0; left--) {
      const id = ids[count % models] ?? 1;
      const version = 1 + ((count * 7) % versionsOfEach);
      if (count % 2 === 0) setAlias(db, { id, alias: 'champion', version }, cause());
      else setVersionTag(db, { model: id, version }, 'checked', `${count}`, cause());
    }
  });
}

async function measured(api: Registry['handlers']): Promise<Figure[]> {
  const call = { signal: new AbortController().signal, after: undefined };
  const name = 'model 4';
  const times = async (count: number, work: (round: number) => unknown) => {
    const samples: number[] = [];
    for (let round = -1; round < count; round++) {
      const ms = await elapsed(async () => void (await work(round)));
      if (round >= 0) samples.push(ms);
    }
    return samples;
  };
  const figure = (title: string, below: number | null, ours: number[]): Figure => ({
    name: title,
    unit: 'ms',
    below,
    floorIs: null,
    samples: { ours },
  });
  const day = (round: number) => (((round + 1) * 7919) % entries) * minuteMs;
  const check = await api.verifyHistory({}, call);
  if (!check.isIntact || check.entryCount < entries) throw new Error('The history is not what was written.');
  const all: HistoryEntry[] = [];
  for (let before: number | undefined; ;) {
    const page = await api.history(
      { text: '', limit: 1000, ...(before === undefined ? {} : { before }) },
      call,
    );
    before = page.at(-1)?.seq;
    if (before === undefined) break;
    all.push(...page);
  }
  const texts = all.map((entry) => JSON.stringify(Object.values(entry)));
  return [
    figure(
      'champion on a date',
      1000,
      await times(rounds, (round) => api.holderOn({ name, alias: 'champion', atMs: day(round) }, call)),
    ),
    figure(
      'a page of 100 entries of one model',
      null,
      await times(rounds, () => api.history({ name, text: '', limit: 100 }, call)),
    ),
    figure(
      'the same, by a text that nothing has',
      null,
      await times(rounds, () => api.history({ name, text: 'nowhere', limit: 100 }, call)),
    ),
    {
      name: 'verify the whole chain, and hold the tables against it',
      unit: 'ms',
      below: null,
      floorIs: 'sha256 over as many texts of that length, in memory',
      samples: {
        ours: await times(wholeRounds, () => api.verifyHistory({}, call)),
        floor: await times(wholeRounds, () => {
          for (const text of texts) createHash('sha256').update(text).digest('hex');
        }),
      },
    },
    figure(
      'export all of it as CSV',
      null,
      await times(wholeRounds, async () => {
        for await (const _part of api.exportHistory({ format: 'csv' }, call));
      }),
    ),
    figure(
      'promote a version, and roll back',
      null,
      await times(rounds, async (round) => {
        const version = 1 + ((round + 10) % versionsOfEach);
        await api.promote({ name, version, alias: 'champion', reason: '' }, call);
        await api.rollback({ name, alias: 'champion', reason: '' }, call);
      }),
    ),
  ];
}
