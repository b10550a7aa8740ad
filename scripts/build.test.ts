import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from './build.mjs';
import { bundleApp } from './bundle-node.mjs';
import { fixtureHouse, type FixtureHouse } from './fixture-house.ts';

describe('build', () => {
  let house: FixtureHouse;
  beforeAll(() => {
    house = fixtureHouse();
  });
  afterAll(() => house.remove());

  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [join(house.root, 'out/app/benchtop.mjs'), ...args], {
      encoding: 'utf8',
    }).trim();
  const inodes = (): number[] =>
    ['app', 'preload', 'window'].map((part) => statSync(join(house.root, 'out', part)).ino);

  test('builds every part of a fresh tree, and nothing of an unchanged one', async () => {
    expect((await build(house.root)).built).toEqual(['app', 'preload', 'window']);
    const before = inodes();
    expect((await build(house.root)).built).toEqual([]);
    expect(inodes()).toEqual(before);
    expect(readdirSync(join(house.root, 'out')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('the bundle starts its worker, with the native SQLite, as the sources do', async () => {
    await build(house.root);
    expect(run('read')).toBe('hello 42');
    const unbuilt = execFileSync(process.execPath, [join(house.root, 'main/cli/benchtop.ts'), 'read'], {
      encoding: 'utf8',
    });
    expect(unbuilt.trim()).toBe('hello 42');
  });

  test('files named beside the code are found from the bundle', async () => {
    await build(house.root);
    expect(run('note')).toBe('a note');
    expect(run('script')).toBe('#!/bin/sh');
    expect(run('preload')).toBe(join(house.root, 'out/preload/preload.cjs'));
    expect(run('window')).toBe(join(house.root, 'out/window/'));
  });

  test('the preload script is one CommonJS file that needs nothing but electron', async () => {
    await build(house.root);
    expect(readdirSync(join(house.root, 'out/preload')).toSorted()).toEqual(['build.json', 'preload.cjs']);
    const code = readFileSync(join(house.root, 'out/preload/preload.cjs'), 'utf8');
    expect([...code.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name)).toEqual(['electron']);
    expect(code).not.toMatch(/^import /m);
  });

  test('the page loads its assets from the top, without an inline script', async () => {
    await build(house.root);
    const html = readFileSync(join(house.root, 'out/window/index.html'), 'utf8');
    expect(html).toMatch(/<script type="module"[^>]* src="\/assets\/[^"]+\.js"><\/script>/);
    expect(html).not.toMatch(/<script[^>]*>[^<]/);
  });

  test('a change rebuilds the parts it goes into, a test file none', async () => {
    await build(house.root);
    house.write('renderer/page.tsx', 'document.title = "changed";\n');
    expect((await build(house.root)).built).toEqual(['window']);
    house.write('engine/reader.test.ts', 'broken(');
    expect((await build(house.root)).built).toEqual([]);
    house.write('contract/greeting.ts', "export const greeting: string = 'good day';\n");
    expect((await build(house.root)).built).toEqual(['app', 'preload', 'window']);
    expect(run('read')).toBe('good day 42');
    house.write('contract/greeting.ts', "export const greeting: string = 'hello';\n");
    await build(house.root);
  });

  test('a failed build says why and leaves the last good one in place', async () => {
    await build(house.root);
    house.write('engine/start-reader.ts', 'export function startReader( {');
    await expect(build(house.root)).rejects.toThrow(/start-reader\.ts/);
    expect(run('read')).toBe('hello 42');
    house.write(
      'engine/start-reader.ts',
      "import { nothing } from 'no-such-package';\nexport const startReader = nothing;\n",
    );
    await expect(build(house.root)).rejects.toThrow(/no-such-package/);
    house.write(
      'engine/start-reader.ts',
      "export const startReader = () => new URL('./gone.ts', import.meta.url);\n",
    );
    await expect(build(house.root)).rejects.toThrow(/'\.\/gone\.ts', import\.meta\.url\) names no file/);
    house.write('engine/start-reader.ts', 'export const startReader = () => import.meta.dirname;\n');
    await expect(build(house.root)).rejects.toThrow(/import\.meta\.dirname changes its meaning/);
    expect(run('read')).toBe('hello 42');
  });
});

describe('build in bad company', () => {
  test('two processes that start at once build once, and a dead one is no obstacle', async () => {
    const house = fixtureHouse();
    try {
      mkdirSync(join(house.root, 'out/.new-app'), { recursive: true });
      const dead = spawn(process.execPath, ['-e', '']);
      await new Promise((resolve) => dead.once('exit', resolve));
      writeFileSync(join(house.root, 'out/build.lock'), String(dead.pid));
      const outputs = await Promise.all([1, 2].map(() => outputOf(join(house.root, 'scripts/build.mjs'))));
      expect(outputs.map(({ code }) => code)).toEqual([0, 0]);
      expect(outputs.filter(({ text }) => text.includes('built app, preload, window'))).toHaveLength(1);
      expect(existsSync(join(house.root, 'out/build.lock'))).toBe(false);
    } finally {
      house.remove();
    }
  });

  test('a missing entry fails by name', async () => {
    const house = fixtureHouse();
    try {
      rmSync(join(house.root, 'engine/reader.ts'));
      await expect(build(house.root)).rejects.toThrow('Cannot build app: no file engine/reader.ts');
    } finally {
      house.remove();
    }
  });
});

test('a command asks for the engine before it has loaded a schema', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-bundle-'));
  try {
    await bundleApp(join(import.meta.dirname, '..'), folder);
    const names = readdirSync(folder);
    const begin = [
      'benchtop.mjs',
      ...names.filter((name) => /^(program|status-command)-.*\.mjs$/.test(name)),
    ];
    expect(begin).toHaveLength(3);
    const loaded = new Set<string>();
    for (let open = begin; open.length > 0; open = open.filter((name) => !loaded.has(name)))
      open = open.flatMap((name) => {
        loaded.add(name);
        const code = readFileSync(join(folder, name), 'utf8');
        return [...code.matchAll(/^import [^;]*?"\.\/([^"]+)"/gm)].map(([, chunk]) => chunk ?? '');
      });
    const hasSchema = (name: string) => readFileSync(join(folder, name), 'utf8').includes('_zod');
    expect([...loaded].filter(hasSchema)).toEqual([]);
    // The test would see one.
    expect(names.some(hasSchema)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

function outputOf(script: string): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    child.once('close', (code) => resolve({ code, text }));
  });
}
