import type Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from 'vitest';
import { changeRun, insertParams, insertRun, markDeleted, removeTags, setTags } from '../writes.ts';
import { eraseRuns } from '../erase-runs.ts';
import { findRuns } from './find-runs.ts';
import { parseFilter } from './parse-filter.ts';
import { openMemory, upgrade } from './testing/open-memory.ts';

let db: Database.Database;
const idOf = (at: number) => `id${String(at).padStart(30, '0')}`;

function addRun(at: number): void {
  insertRun(db, {
    id: idOf(at),
    name: `name${at}`,
    projectId: null,
    experimentId: '0',
    parentRunId: null,
    status: 'finished',
    command: ['python', `file${at}.py`],
    workingFolder: null,
    source: 'runner',
    createdAt: at,
    startedAt: at,
  });
  insertParams(db, idOf(at), { kind: `param${at}` });
  setTags(db, idOf(at), { team: `tag${at}`, gone: `gone${at}`, ...unsaid(at) });
}

/** Of every run, and of none that somebody looks for. */
const unsaid = (at: number) => ({
  'mlflow.log-model.history': `history${at}`,
  'benchtop.environmentSet': `PYTHONPATH, SET${at}`,
});

/** The runs that contain a word, as the numbers they were added with, in order. */
function withWord(word: string): number[] {
  const { runs } = findRuns(db, {
    scope: { lifecycle: 'all' },
    where: parseFilter(`"${word}"`, 0),
    order: [],
    after: null,
    limit: 1000,
  });
  const idOfRun = db.prepare('SELECT run_id FROM run WHERE id = ?').pluck();
  return runs
    .map((run) => Number((idOfRun.get(run) as string).slice(2)))
    .toSorted((one, other) => one - other);
}

const waiting = () =>
  db.prepare('SELECT count(*) FROM run WHERE id > (SELECT last FROM run_words)').pluck().get() as number;
const indexedTexts = () => db.prepare('SELECT count(*) FROM run_text_docsize').pluck().get() as number;

describe('words of runs, in the index and waiting for it', () => {
  beforeEach(() => {
    // Runs of a store from before, then runs that come one by one.
    db = openMemory(35);
    for (let at = 1; at <= 10; at++) addRun(at);
    upgrade(db, 35);
    for (let at = 11; at <= 100; at++) addRun(at);
  });

  test('each is found by each of its texts', () => {
    expect(waiting()).toBeGreaterThan(10);
    expect(waiting()).toBeLessThan(34);
    for (const at of [1, 10, 11, 50, 60, 68, 99, 100]) {
      for (const word of ['name', 'param', 'tag', 'gone']) expect(withWord(`${word}${at}`)).toEqual([at]);
      expect(withWord(`python file${at} py`)).toEqual([at]);
      expect(withWord(idOf(at))).toEqual([at]);
      for (const word of ['history', 'set']) expect(withWord(`${word}${at}`)).toEqual([]);
    }
    expect(withWord('python')).toHaveLength(100);
    expect(withWord('pythonpath')).toEqual([]);
  });

  test('what changes and goes is found as it is now', () => {
    for (const at of [5, 30, 100]) {
      changeRun(db, idOf(at), { name: `other${at}`, note: `${'long '.repeat(1000)}note${at}` });
      setTags(db, idOf(at), { team: `changed${at}` });
      setTags(db, idOf(at), unsaid(at + 1000));
      removeTags(db, idOf(at), ['gone']);
      insertParams(db, idOf(at), { late: `late${at}` });
    }
    const nowAndThen = () => {
      for (const at of [5, 30, 100]) {
        for (const word of ['other', 'note', 'changed', 'late'])
          expect(withWord(`${word}${at}`)).toEqual([at]);
        for (const word of ['name', 'tag', 'gone']) expect(withWord(`${word}${at}`)).toEqual([]);
        expect(withWord(`set${at + 1000}`)).toEqual([]);
      }
    };
    nowAndThen();
    // Others come, until all of these are in the index.
    for (let at = 101; at <= 140; at++) addRun(at);
    nowAndThen();
  });

  test('an erased run leaves no words, and who gets its number has its own', () => {
    const runs = [20, 100].map((at) => ({
      id: db.prepare('SELECT id FROM run WHERE run_id = ?').pluck().get(idOf(at)) as number,
      runId: idOf(at),
    }));
    markDeleted(db, [idOf(20), idOf(100)], 1);
    expect(eraseRuns(db, runs)).toBe(2);
    expect(withWord('name100')).toEqual([]);
    expect(withWord('param20')).toEqual([]);
    addRun(101);
    expect(withWord('python')).toHaveLength(99);
    expect(withWord('tag101')).toEqual([101]);
  });

  test('the index holds each text once', () => {
    db.exec('UPDATE run_words SET last = 100');
    // Of each its own, a param and two tags; of the others nothing.
    expect(indexedTexts()).toBe(400);
    db.exec("INSERT INTO run_text (run_text) VALUES ('integrity-check')");
  });
});

test('many params of one run do not wait', () => {
  db = openMemory();
  addRun(1);
  expect(indexedTexts()).toBe(0);
  for (let at = 0; at < 150; at++) insertParams(db, idOf(1), { [`p${at}`]: `value${at}` });
  expect(waiting()).toBe(0);
  // Its own, 151 params, two tags.
  expect(indexedTexts()).toBe(154);
  for (const at of [0, 99, 100, 149]) expect(withWord(`value${at}`)).toEqual([1]);
  addRun(2);
  expect(waiting()).toBe(1);
  insertParams(
    db,
    idOf(2),
    Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`p${at}`, `more${at}`])),
  );
  for (let at = 3; at < 5; at++) addRun(at);
  expect(waiting()).toBe(3);
  insertParams(
    db,
    idOf(4),
    Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`p${at}`, `yet${at}`])),
  );
  addRun(5);
  expect(waiting()).toBe(1);
  expect(withWord('more7')).toEqual([2]);
  expect(withWord('yet7')).toEqual([4]);
});
