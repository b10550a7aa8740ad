import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const entry = fileURLToPath(new URL('../../out/app/held-engine.mjs', import.meta.url));

/** Tells at its end what Node has loaded: its own modules, and files of CommonJS. */
const tellLoaded = `data:text/javascript,${encodeURIComponent(`
  const { _cache } = process.getBuiltinModule('node:module');
  process.once('exit', () => process.stdout.write(JSON.stringify([...process.moduleLoadList, ...Object.keys(_cache)])));
`)}`;

test('an engine that a command starts is ready without what takes long to load and that it may never need', async () => {
  const home = mkdtempSync(join(tmpdir(), 'benchtop-held-'));
  const engine = fork(entry, [home, '60'], {
    execArgv: ['--import', tellLoaded],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    let told = '';
    engine.stdout?.setEncoding('utf8').on('data', (text: string) => (told += text));
    const closed = once(engine, 'close');
    const [word] = await once(engine, 'message');
    expect(word).toBe('ready');
    engine.kill('SIGTERM');
    await closed;
    const loaded = JSON.parse(told) as string[];
    expect(loaded).toContain('NativeModule http');
    expect(loaded.some((each) => each.includes('better-sqlite3'))).toBe(true);
    expect(loaded.filter((each) => /undici|http2|https|duckdb/.test(each))).toEqual([]);
  } finally {
    engine.kill('SIGKILL');
    rmSync(home, { recursive: true, force: true });
  }
});

test('what it loads before it is ready has none of the rooms that come to life later', () => {
  const loaded = new Map<string, string>();
  const load = (file: string): void => {
    if (loaded.has(file)) return;
    const text = readFileSync(new URL(file, pathToFileURL(entry)), 'utf8');
    loaded.set(file, text);
    for (const [, next = ''] of text.matchAll(/(?:^|;)(?:import|export)\b[^;"]*"(\.\/[^"]+)"/gm)) load(next);
  };
  load('./held-engine.mjs');
  for (const [, next = ''] of (loaded.get('./held-engine.mjs') ?? '').matchAll(/import\("(\.\/[^"]+)"\)/g))
    load(next);
  const code = [...loaded.values()].join('\n');
  expect(code).toContain('function createEngine(');
  for (const later of ['createLaterRooms', 'createSync', 'createGates', 'createRegistry', 'mlflowRoutes'])
    expect(code).not.toContain(`function ${later}(`);
});
