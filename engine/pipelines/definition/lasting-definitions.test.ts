import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openHome, type OpenHome } from '../../fixture-home.ts';
import { fixtureProject } from './fixture-project.ts';
import { createLastingDefinitions } from './lasting-definitions.ts';

const folder = mkdtempSync(join(tmpdir(), 'benchtop-definitions-'));
let open: OpenHome;
beforeAll(async () => (open = await openHome(join(folder, 'home'))));
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.restoreAllMocks());

/** Reads as an engine does that has just started, and ends like it. */
async function readAnew(project: string, { reader = 'this program', ageMs = 10_000 } = {}) {
  vi.resetModules();
  const { readPipeline } = await import('./read-pipeline.ts');
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + ageMs);
  const lasting = createLastingDefinitions(open.store, reader);
  const pipeline = await readPipeline(project, lasting);
  await lasting.close();
  vi.restoreAllMocks();
  return pipeline;
}

const commandsOf = (pipeline: Awaited<ReturnType<typeof readAnew>>) =>
  pipeline?.stages.flatMap(({ commands }) => commands);

/** Tells what is given from the store from what is read of the files. */
const mark = () =>
  open.store.write('mark', (db) =>
    db.prepare("UPDATE pipeline_definition SET content = replace(content, 'train', 'kept')").run(),
  );

test('an engine that starts takes what the one before it read, while every file is as it was', async () => {
  const project = fixtureProject({
    'benchtop.yaml':
      'stages:\n  a: {cmd: "train ${lr}", deps: [in], outs: [out], retry: 2, mutex: disk}\n  b: {deps: [out]}\n',
    'params.yaml': 'lr: 0.1\n',
  });
  const read = await readAnew(project);
  expect(commandsOf(read)).toEqual(['train 0.1']);
  expect(read?.problems).toHaveLength(1);
  expect(await readAnew(project)).toEqual(read);
  await mark();
  expect(commandsOf(await readAnew(project))).toEqual(['kept 0.1']);
  expect(commandsOf(await readAnew(project, { reader: 'another program' }))).toEqual(['train 0.1']);
  await mark();
  writeFileSync(join(project, 'params.yaml'), 'lr: 0.2\n');
  expect(commandsOf(await readAnew(project, { reader: 'another program' }))).toEqual(['train 0.2']);
});

test('a file that appears is seen', async () => {
  const project = fixtureProject({ 'dvc.yaml': 'stages:\n  a: {cmd: train}\n' });
  expect(commandsOf(await readAnew(project))).toEqual(['train']);
  writeFileSync(join(project, 'benchtop.yaml'), 'stages:\n  a: {cmd: own}\n');
  expect(commandsOf(await readAnew(project))).toEqual(['own']);
});

test('a definition that was just written is not kept: it may change again and look the same', async () => {
  const project = fixtureProject({ 'dvc.yaml': 'stages:\n  a: {cmd: train}\n' });
  await readAnew(project, { ageMs: 0 });
  await mark();
  expect(commandsOf(await readAnew(project, { ageMs: 0 }))).toEqual(['train']);
});

test('the definitions of so many projects are kept, those read last', async () => {
  const lasting = createLastingDefinitions(open.store, 'many');
  for (let at = 0; at < 70; at++) lasting.note(`/project-${at}`, { states: [], pipeline: null });
  await lasting.close();
  const again = createLastingDefinitions(open.store, 'many');
  expect(again.of('/project-69')).toEqual({ states: [], pipeline: null });
  expect(again.of('/project-5')).toBeNull();
});
