import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngineHost, type EngineHost, type EngineProcess, type EngineTrouble } from './engine-host.ts';

// A real child process that lives, dies and answers as told: only Electron's own kind of process needs Electron.
let folder: string;
let awake: boolean[];
let host: EngineHost<string>;
let children: ChildProcess[];
let troubles: EngineTrouble[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-host-'));
  children = [];
  troubles = [];
  awake = [];
});
afterEach(async () => {
  await host.close();
  for (const child of children) expect(child.exitCode ?? child.signalCode).not.toBeNull();
  rmSync(folder, { recursive: true, force: true });
});

function begin(program: string): void {
  const path = join(folder, 'engine.mjs');
  writeFileSync(path, program);
  const start = (): EngineProcess<string> => {
    const child = fork(path, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    children.push(child);
    return {
      stdout: child.stdout,
      stderr: child.stderr,
      postMessage: (message, transfer) => child.send({ ...message, transfer }),
      kill: () => child.kill(),
      on: (event, listener) => child.on(event, listener),
      once: (event, listener) => child.once(event, (code: number | null) => listener(code ?? -1)),
    };
  };
  host = createEngineHost<string>(
    start,
    (trouble) => troubles.push(trouble),
    (isWanted) => awake.push(isWanted),
    () => 'a way to tables',
    (ask, text) => `${ask} ${text}`,
  );
}

const obedient = `process.on('message', ({ kind, transfer, text }) => {
  if (kind === 'close') process.exit(0);
  if (kind === 'tables') { console.error(transfer[0]); process.exit(7); }
  if (kind === 'keychain') { console.error('got ' + text); process.exit(7); }
  if (transfer[0] === 'seal') process.send({ kind: 'keychain', id: 1, ask: 'seal', text: 'this' });
  if (transfer[0] === 'read') process.send({ kind: 'start-tables' });
  if (transfer[0] === 'train') process.send({ kind: 'keep-awake', isWanted: true });
  if (transfer[0] === 'die') { console.error('a last word'); process.exit(7); }
});`;

test('a machine kept awake for an engine may sleep again when the engine is gone', async () => {
  begin(obedient);
  host.connect('train');
  await expect.poll(() => awake, { timeout: 20_000 }).toEqual([true]);
  host.connect('die');
  await expect.poll(() => awake, { timeout: 20_000 }).toEqual([true, false]);
});

test('an engine that dies is started again, and the notice holds its code and last words', async () => {
  begin(obedient);
  expect(host.connect('die')).toBe(true);
  await expect.poll(() => troubles, { timeout: 20_000 }).toMatchObject([{ kind: 'restarted', code: 7 }]);
  expect(host.connect('nobody is there')).toBe(false);
  await expect.poll(() => children.length, { timeout: 20_000 }).toBe(2);
  expect(host.connect('somebody is')).toBe(true);
});

test('an engine that wants to read tables is handed a way to a process that does', async () => {
  begin(obedient);
  host.connect('read');
  await expect
    .poll(() => troubles, { timeout: 20_000 })
    .toMatchObject([{ kind: 'restarted', log: expect.stringContaining('a way to tables') }]);
});

test('an engine that always dies is given up with the evidence, and can be started again by hand', async () => {
  begin(`console.error('no such table: runs'); process.exitCode = 3; process.disconnect();`);
  await expect
    .poll(() => troubles.map(({ kind }) => kind), { timeout: 30_000 })
    .toEqual(['restarted', 'restarted', 'restarted', 'given-up']);
  expect(children).toHaveLength(4);
  expect(troubles.at(-1)).toMatchObject({ code: 3, log: expect.stringContaining('no such table: runs') });
  host.restart();
  expect(children).toHaveLength(5);
});

test('an engine that says why it cannot start is not started in vain', async () => {
  const error = { code: 'home-in-use', what: 'Another engine holds it.' };
  begin(`process.send({ kind: 'cannot-start', error: ${JSON.stringify(error)} }); ${obedient}`);
  await expect.poll(() => troubles, { timeout: 20_000 }).toEqual([{ kind: 'cannot-start', error }]);
  await expect.poll(() => children[0]?.signalCode).toBe('SIGTERM');
  expect(host.connect('late')).toBe(false);
  expect(children).toHaveLength(1);
});

test('close lets the engine end by itself and starts no other', async () => {
  begin(obedient);
  await host.close();
  expect(children.map(({ exitCode }) => exitCode)).toEqual([0]);
  await host.close();
  expect(children).toHaveLength(1);
  expect(troubles).toEqual([]);
});

test('an engine that wants a secret sealed gets it back sealed', async () => {
  begin(obedient);
  host.connect('seal');
  await expect
    .poll(() => troubles, { timeout: 20_000 })
    .toMatchObject([{ kind: 'restarted', log: expect.stringContaining('got seal this') }]);
});
