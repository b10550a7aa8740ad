import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistoryCheck } from '../../contract/index.ts';
import { openHome } from '../fixture-home.ts';
import { migrations } from '../migrations.ts';
import { mlmodelText, openRegistry, type RegistryHouse } from './fixture-registry.ts';
import { holderOn } from './alias-history.ts';
import { hashOf, type HistoryRow } from './history.ts';
import { verifyHistory } from './verify-history.ts';

let house: RegistryHouse;
beforeAll(async () => {
  house = await openRegistry();
});
afterAll(() => house.end());

const columns = (...names: string[]) => names.map((name) => ({ type: 'double', name, required: true }));

async function versionOf(name: string, accuracy: number, content = `model of ${accuracy}`): Promise<number> {
  const runId = await house.runWith(`run-${accuracy}`, accuracy, { 'model.pkl': content });
  const { version } = await house.api.register(
    { runId, model: { path: 'model.pkl' }, name, description: '', tags: {}, reason: '' },
    house.call,
  );
  return version;
}

const promote = (name: string, version: number, reason = '') =>
  house.api.promote({ name, version, alias: 'champion', reason }, house.call);
const rollback = (name: string) => house.api.rollback({ name, alias: 'champion', reason: '' }, house.call);
const check = () => house.api.verifyHistory({}, house.call);
const page = (name?: string) =>
  house.api.history({ ...(name === undefined ? {} : { name }), text: '', limit: 1000 }, house.call);

test('what a run left is found, registered, and written out again byte for byte', async () => {
  const runId = await house.runWith('trees', 0.9, {
    'out/model/MLmodel': mlmodelText(columns('x', 'y')),
    'out/model/model.pkl': 'not a pickle',
    'net.safetensors': 'weights',
    'metrics.json': '{}',
  });
  const found = await house.api.candidates({ runId }, house.call);
  expect(found).toMatchObject([
    { kind: 'folder', path: 'out/model', flavors: ['python_function', 'sklearn'], suggestedName: 'trees' },
    { kind: 'file', path: 'net.safetensors', suggestedName: 'net', registeredAs: [] },
  ]);
  const before = house.changes();
  const version = await house.api.register(
    {
      runId,
      model: { path: 'out/model' },
      name: 'trees',
      description: 'first',
      tags: { a: 'b' },
      reason: 'r',
    },
    house.call,
  );
  expect(house.changes()).toBe(before + 1);
  expect(version).toMatchObject({ name: 'trees', version: 1, runId, tags: { a: 'b' }, description: 'first' });
  const content = await house.api.content({ name: 'trees', version: 1 }, house.call);
  expect(content).toMatchObject({ fileCount: 2, sinceRegistered: 'same', problem: null });
  expect(content.signature?.inputs).toMatchObject([{ name: 'x', type: 'double', isRequired: true }, {}]);
  const { path } = await house.api.resolve({ name: 'trees', version: 1 }, house.call);
  expect(readFileSync(join(path, 'model.pkl'), 'utf8')).toBe('not a pickle');
  writeFileSync(join(path, 'model.pkl'), 'somebody changed it');
  const again = await house.api.resolve({ name: 'trees', version: 1 }, house.call);
  expect(again.path).toBe(path);
  expect(readFileSync(join(path, 'model.pkl'), 'utf8')).toBe('not a pickle');
  const single = await house.api.register(
    { runId, model: { path: 'net.safetensors' }, name: 'net', description: '', tags: {}, reason: '' },
    house.call,
  );
  const file = await house.api.resolve({ name: 'net', version: single.version }, house.call);
  expect([file.isFolder, readFileSync(file.path, 'utf8')]).toEqual([false, 'weights']);
  const [folder] = await house.api.candidates({ runId }, house.call);
  expect(folder?.registeredAs).toEqual([{ name: 'trees', version: 1 }]);
});

test('a file that is put in place of a registered one shows', async () => {
  await versionOf('replaced', 0.5);
  expect(await house.api.content({ name: 'replaced', version: 1 }, house.call)).toMatchObject({
    sinceRegistered: 'same',
  });
  const { runId } = await house.api.version({ reference: 'replaced/1' }, house.call);
  const { objectId, sizeBytes } = await house.objects.putStream(
    (async function* () {
      yield Buffer.from('another');
    })(),
  );
  await house.tracking.addArtifact(runId!, { path: 'model.pkl', objectId, sizeBytes });
  expect(await house.api.content({ name: 'replaced', version: 1 }, house.call)).toMatchObject({
    sinceRegistered: 'changed',
  });
});

test('promote, roll back and roll back again: the history has it all, with the metrics of both', async () => {
  for (const accuracy of [0.7, 0.8, 0.9]) await versionOf('forth', accuracy);
  await promote('forth', 1);
  await promote('forth', 2);
  const { entry, previousVersion } = await promote('forth', 3, 'better on every slice');
  expect(previousVersion).toBe(2);
  expect(entry).toMatchObject({
    kind: 'alias-set',
    before: '2',
    after: '3',
    reason: 'better on every slice',
  });
  expect(entry.evidence?.runs).toMatchObject([
    { version: 3, metrics: { accuracy: 0.9 } },
    { version: 2, metrics: { accuracy: 0.8 } },
  ]);
  await expect(promote('forth', 3)).rejects.toMatchObject({ code: 'conflict' });
  expect(await rollback('forth')).toMatchObject({ version: 2, previousVersion: 3 });
  expect(await rollback('forth')).toMatchObject({ version: 1, previousVersion: 2 });
  await expect(rollback('forth')).rejects.toMatchObject({ code: 'not-found' });
  await promote('forth', 3);
  expect(await rollback('forth')).toMatchObject({ version: 1 });
  await house.api.removeAlias({ name: 'forth', alias: 'champion', reason: '' }, house.call);
  expect(await rollback('forth')).toMatchObject({ version: 1, previousVersion: null });
  expect(await check()).toMatchObject({ isIntact: true, break: null });
});

test('a version that was deleted is not gone back to', async () => {
  for (const accuracy of [0.7, 0.8, 0.9]) await versionOf('leaky', accuracy);
  for (const version of [1, 2, 3]) await promote('leaky', version);
  await house.api.deleteVersion({ name: 'leaky', version: 2, reason: 'leaks' }, house.call);
  expect(await rollback('leaky')).toMatchObject({ version: 1 });
});

test('who had the alias on a day, through renames and after the model is deleted', async () => {
  await versionOf('old-name', 0.7);
  await versionOf('old-name', 0.8);
  const early = house.now();
  const first = (await promote('old-name', 1)).entry;
  const second = (await promote('old-name', 2)).entry;
  await house.api.changeModel({ name: 'old-name', newName: 'new-name', reason: 'clearer' }, house.call);
  const holder = async (atMs: number, name = 'new-name') =>
    (await house.api.holderOn({ name, alias: 'champion', atMs }, house.call)).version;
  expect([await holder(early), await holder(first.atMs), await holder(second.atMs)]).toEqual([null, 1, 2]);
  const late = house.now();
  await house.api.deleteModel({ name: 'new-name', reason: 'gone' }, house.call);
  expect([await holder(late), await holder(house.now())]).toEqual([2, null]);
  // The old name again, for something else.
  await versionOf('old-name', 0.5);
  expect(await holder(late, 'old-name')).toBe(null);
  expect((await page('new-name')).map(({ kind }) => kind)).toContain('model-created');
  expect(await check()).toMatchObject({ isIntact: true });
});

test('the history is looked through by kind and by text', async () => {
  await versionOf('looked', 0.7);
  await promote('looked', 1, 'Fewer FALSE alarms');
  const found = async (asked: object) =>
    (await house.api.history({ name: 'looked', text: '', limit: 10, ...asked }, house.call)).map(
      ({ kind }) => kind,
    );
  expect(await found({ kinds: ['version-created', 'model-created'] })).toEqual([
    'version-created',
    'model-created',
  ]);
  expect(await found({ text: 'false al' })).toEqual(['alias-set']);
  expect(await found({ text: 'CHAMPION' })).toEqual(['alias-set']);
  expect(await found({ text: 'false', kinds: ['tag-set'] })).toEqual([]);
  expect(await found({ text: "' OR 1" })).toEqual([]);
});

test('the store itself refuses to change, remove or replace an entry', async () => {
  await versionOf('fixed', 0.7);
  const attempt = (sql: string) => house.store.write('test', (db) => db.prepare(sql).run());
  await expect(attempt("UPDATE registry_history SET who = 'x' WHERE seq = 1")).rejects.toThrow(
    /only ever added/,
  );
  await expect(attempt('DELETE FROM registry_history')).rejects.toThrow(/only ever added/);
  await expect(
    attempt('INSERT OR REPLACE INTO registry_history SELECT * FROM registry_history WHERE seq = 1'),
  ).rejects.toThrow(/follows the last/);
});

test('damage is found, whatever was done', async () => {
  await versionOf('m', 0.7);
  await versionOf('m', 0.8);
  const { entry } = await promote('m', 1);
  const { seq } = entry;
  const cases: [string, object][] = [
    [`UPDATE registry_history SET reason = 'x' WHERE seq = ${seq}`, { break: { seq } }],
    [`DELETE FROM registry_history WHERE seq = ${seq - 1}`, { break: { seq: seq - 1 } }],
    [
      `DELETE FROM registry_history WHERE seq = ${seq}`,
      {
        break: null,
        disagreements: ['m: the alias champion is version 1; the history says not there.'],
      },
    ],
    [
      "UPDATE model_alias SET version = 2 WHERE alias = 'champion'",
      { break: null, disagreements: ['m: the alias champion is version 2; the history says version 1.'] },
    ],
    [
      "UPDATE model_version SET stage = 'Production' WHERE version = 1",
      { disagreements: ['m: version 1 is in stage Production; the history says in stage None.'] },
    ],
    ["DELETE FROM registered_model WHERE name = 'm'", { break: null, isIntact: false }],
  ];
  const undone = new Error('undone');
  for (const [damage, found] of cases) {
    let told: unknown;
    await expect(
      house.store.write('damage', (db) => {
        db.exec('DROP TRIGGER registry_history_is_fixed; DROP TRIGGER registry_history_is_kept;');
        db.exec(`DELETE FROM registered_model WHERE name != 'm'; ${damage}`);
        told = verifyHistory(db, null);
        throw undone;
      }),
    ).rejects.toBe(undone);
    expect(told, damage).toMatchObject({ isIntact: false, next: expect.stringMatching(/[Hh]old/) });
    const { disagreements, ...rest } = told as HistoryCheck;
    expect(
      { ...rest, disagreements: disagreements.filter((text) => text.startsWith('m: ')) },
      damage,
    ).toMatchObject(found);
  }
  expect(await check()).toMatchObject({ isIntact: true });
});

test('the chain holds whatever text a client sends', async () => {
  await versionOf('texts', 0.7);
  for (const value of ['\ud800', 'a\0b', '', '"\\\n', 'ü💥', 'x'.repeat(50_000)])
    await house.api.changeVersion(
      { name: 'texts', version: 1, setTags: { key: value }, archiveOthers: false, reason: value },
      house.call,
    );
  expect(await check()).toMatchObject({ isIntact: true });
});

test('the chain can be computed again from the CSV, and the page runs nothing of what is in it', async () => {
  await versionOf('exported', 0.7);
  await house.api.changeModel(
    { name: 'exported', description: 'a "quoted", <b>line</b>\r\nand another', reason: '' },
    house.call,
  );
  const texts: Record<string, string> = { csv: '', html: '' };
  for (const format of ['csv', 'html'] as const)
    for await (const { event } of house.api.exportHistory({ format }, { ...house.call, after: undefined }))
      texts[format] += event.text;
  const [header = [], ...rows] = parseCsv(texts['csv'] ?? '');
  expect(rows).toHaveLength((await page()).length);
  const numbers = ['seq', 'at_ms', 'subject', 'version'];
  for (const cells of rows) {
    const row = Object.fromEntries(
      header.map((name, at) => [
        name.text,
        cells[at]?.isQuoted === false && cells[at].text === ''
          ? null
          : numbers.includes(name.text)
            ? Number(cells[at]?.text)
            : cells[at]?.text,
      ]),
    ) as unknown as HistoryRow;
    expect(hashOf(row)).toBe(row.hash);
  }
  expect(texts['html']).toContain('&lt;b&gt;line&lt;/b&gt;');
  expect(texts['html']).not.toMatch(/<script|<b>/);
});

/** RFC 4180, with what was in quotes told apart. */
function parseCsv(text: string): { text: string; isQuoted: boolean }[][] {
  return [
    ...text.matchAll(/(?:(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n))*?(?:"(?:[^"]|"")*"|[^",\r\n]*)\r\n/g),
  ].map(([line]) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)].map(([, cell = '']) => ({
      text: cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      isQuoted: cell.startsWith('"'),
    })),
  );
}

test('who had an alias is one look into an index, however long the history', async () => {
  const plan = house.store.now((db) =>
    db
      .prepare(
        `EXPLAIN QUERY PLAN SELECT * FROM registry_history WHERE subject = ? AND item = ? AND at_ms <= ?
         AND kind IN ('alias-set', 'alias-rolled-back', 'alias-removed') ORDER BY at_ms DESC, seq DESC LIMIT 1`,
      )
      .all(1, 'champion', 1),
  ) as { detail: string }[];
  expect(plan.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('registry_history_by_alias (subject=? AND item=? AND at_ms<?)'),
  ]);
});

test('a reference means a version', async () => {
  for (const accuracy of [0.7, 0.8, 0.9]) await versionOf('r', accuracy);
  await promote('r', 2);
  await house.api.changeVersion(
    { name: 'r', version: 1, stage: 'Staging', archiveOthers: false, reason: '' },
    house.call,
  );
  const meant = async (reference: string) => (await house.api.version({ reference }, house.call)).version;
  for (const [reference, version] of Object.entries({
    r: 2,
    'models:/r@champion': 2,
    'r/1': 1,
    'r/latest': 3,
    'r/Staging': 1,
  }))
    expect(await meant(reference), reference).toBe(version);
  for (const reference of ['r@nobody', 'r/9', 'nobody'])
    await expect(meant(reference), reference).rejects.toMatchObject({ code: 'not-found' });
  await expect(meant('a/b/c')).rejects.toMatchObject({ code: 'invalid-input' });
});

test('what was there before histories began is told as found, and nothing of the time before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-found-'));
  const old = await openHome(
    folder,
    migrations.filter(({ number }) => number <= 23),
  );
  await old.store.write('old', (db) =>
    db.exec(`
      INSERT INTO registered_model VALUES (1, 'churn', 'd', 10, 20);
      INSERT INTO model_version VALUES (1, 1, '', 'Archived', 's', 's', '', '', '', 10, 10, 0), (1, 2, '', 'None', 's', 's', '', '', '', 10, 10, 1);
      INSERT INTO model_alias VALUES (1, 'champion', 1);
      INSERT INTO model_version_tag VALUES (1, 1, 'k', 'v');
    `),
  );
  await old.close();
  const { store, close } = await openHome(folder);
  try {
    expect(store.now((db) => verifyHistory(db, null))).toMatchObject({ isIntact: true, entryCount: 7 });
    const holder = (atMs: number) => store.now((db) => holderOn(db, { subject: 1, alias: 'champion', atMs }));
    expect(holder(15)).toEqual({ version: null, entry: null, isKnown: false });
    expect(holder(Date.now())).toMatchObject({ version: 1, isKnown: true });
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
});
