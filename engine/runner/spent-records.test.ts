import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  createRunFolder,
  readRecord,
  recordPath,
  runFolder,
  writeSpec,
  type RunRecord,
} from './run-folder.ts';
import { createSpentRecords } from './spent-records.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'benchtop-spent-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const folderOf = (digit: string) => runFolder(home, digit.repeat(32));
const end = (digit: string) =>
  JSON.stringify({ run: digit.repeat(32), status: 0, isSignal: false, oomKills: null, uptimeS: 12.5 });
const specOf = (digit: string, command: string[]): RunRecord<'spec'> => ({
  run: digit.repeat(32),
  command,
  workingFolder: home,
  environmentSet: [],
  timeLimitMs: null,
  bootId: 'boot',
  oomKills: null,
  asleepMs: null,
  group: null,
  inputs: [],
  outputs: [],
  supervisor: null,
});

/** As a supervisor writes it: over the blanks. */
function writeEnd(digit: string): void {
  const path = recordPath(folderOf(digit), 'end');
  const space = readFileSync(path, 'utf8');
  writeFileSync(path, end(digit) + space.slice(end(digit).length), { flag: 'r+' });
}

test('records go to the next run blank, and only once the end of their run is on disk', () => {
  const spent = createSpentRecords();
  createRunFolder(folderOf('a'), spent.handOn);
  writeSpec(folderOf('a'), specOf('a', ['first', 'with', 'a', 'long', 'command']));
  writeEnd('a');
  expect(readRecord(folderOf('a'), 'end')).toMatchObject({ status: 0 });
  spent.add(folderOf('a'));

  const onDisk = spent.beforeDisk();
  createRunFolder(folderOf('b'), spent.handOn);
  expect(readRecord(folderOf('a'), 'end')).not.toBeNull();
  onDisk();

  const { ino } = statSync(recordPath(folderOf('a'), 'end'));
  createRunFolder(folderOf('c'), spent.handOn);
  expect(statSync(recordPath(folderOf('c'), 'end'))).toMatchObject({ ino, size: 512 });
  expect(readRecord(folderOf('c'), 'end')).toBeNull();
  expect(readRecord(folderOf('c'), 'spec')).toBeNull();
  for (const command of [['next', 'with', 'many', 'words'], ['next']]) {
    writeSpec(folderOf('c'), specOf('c', command));
    expect(readRecord(folderOf('c'), 'spec')).toMatchObject({ command });
  }
  expect(existsSync(folderOf('a').log)).toBe(true);
  expect(readRecord(folderOf('a'), 'end')).toBeNull();
});

test('a record that a power failure has left in the folder of another run is none', () => {
  createRunFolder(folderOf('b'));
  writeFileSync(recordPath(folderOf('b'), 'end'), end('a'));
  writeFileSync(recordPath(folderOf('b'), 'spec'), JSON.stringify(specOf('a', ['other'])));
  expect(readRecord(folderOf('b'), 'end')).toBeNull();
  expect(readRecord(folderOf('b'), 'spec')).toBeNull();
});

test('what was erased meanwhile is made anew', () => {
  const spent = createSpentRecords();
  createRunFolder(folderOf('a'));
  spent.add(folderOf('a'));
  spent.beforeDisk()();
  rmSync(folderOf('a').path, { recursive: true });
  createRunFolder(folderOf('b'), spent.handOn);
  expect(statSync(recordPath(folderOf('b'), 'end')).size).toBe(512);
});
