import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixtureHouse, type FixtureHouse } from './fixture-house.ts';

let house: FixtureHouse;
beforeAll(() => {
  house = fixtureHouse();
});
afterAll(() => house.remove());

/** PATH as a shell has it before npm puts node_modules/.bin in front. */
const plainPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
const launcher = (): string => join(house.root, 'scripts/benchtop.mjs');

describe('the command', () => {
  test('builds on first use and says so on stderr only', () => {
    const first = spawnSync(process.execPath, [launcher(), 'args', 'a b', '--x'], {
      encoding: 'utf8',
      cwd: tmpdir(),
    });
    expect(first.stderr).toMatch(/^benchtop: built app, preload, window in [\d.]+ s\n$/);
    expect(JSON.parse(first.stdout)).toEqual(['args', 'a b', '--x']);
    const second = spawnSync(process.execPath, [launcher(), 'args'], { encoding: 'utf8' });
    expect(second).toMatchObject({ stderr: '', stdout: '["args"]\n', status: 0 });
  });

  test('ends with the exit code of the command', () => {
    expect(spawnSync(process.execPath, [launcher(), 'exit', '37']).status).toBe(37);
  });

  test('npx runs it in the checkout', () => {
    const env = { ...process.env, PATH: plainPath };
    const output = execFileSync('npx', ['--offline', 'benchtop', 'args', 'by npx'], {
      cwd: house.root,
      env,
      encoding: 'utf8',
    });
    expect(JSON.parse(output)).toEqual(['args', 'by npx']);
  });

  test('npm link puts it on PATH, for every folder', () => {
    const prefix = mkdtempSync(join(tmpdir(), 'benchtop-prefix-'));
    try {
      const env = { ...process.env, PATH: plainPath, npm_config_prefix: prefix };
      // --ignore-scripts and no packages to fetch: the fixture names none.
      execFileSync('npm', ['link', '--offline', '--no-package-lock'], {
        cwd: house.root,
        env,
        stdio: 'pipe',
      });
      const PATH = [join(prefix, 'bin'), plainPath].join(delimiter);
      const output = execFileSync('benchtop', ['args', 'linked'], {
        cwd: prefix,
        env: { ...process.env, PATH },
        encoding: 'utf8',
      });
      expect(JSON.parse(output)).toEqual(['args', 'linked']);
    } finally {
      rmSync(prefix, { recursive: true, force: true });
    }
  });

  test('an installed package needs neither sources nor a build', () => {
    const folder = mkdtempSync(join(tmpdir(), 'benchtop-installed-'));
    try {
      const home = join(folder, 'node_modules/benchtop');
      mkdirSync(home, { recursive: true });
      for (const part of ['scripts', 'out', 'package.json'])
        cpSync(join(house.root, part), join(home, part), { recursive: true });
      rmSync(join(home, 'scripts/bundle-node.mjs'));
      const { stdout, stderr } = spawnSync(process.execPath, [join(home, 'scripts/benchtop.mjs'), 'args'], {
        encoding: 'utf8',
      });
      expect({ stdout, stderr }).toEqual({ stdout: '["args"]\n', stderr: '' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('under a Node too old for the product', () => {
  const old = oldNode();
  const why = 'needs a Node older than 24 beside the packaged one';

  test('the packaged Node takes over: version, arguments, exit code', ({ skip }) => {
    if (old === null) return skip(why);
    const version = execFileSync(old, [launcher(), 'version'], { encoding: 'utf8' });
    expect(Number.parseInt(version, 10)).toBeGreaterThanOrEqual(24);
    expect(spawnSync(old, [launcher(), 'exit', '41']).status).toBe(41);
  });

  test.for([
    ['SIGTERM', 7],
    ['SIGINT', 8],
  ] as const)(
    '%s reaches the command once, and its exit code comes back',
    async ([signal, code], { skip }) => {
      if (old === null) return skip(why);
      const child = spawn(old, [launcher(), 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
      const pid = await readyPid(child);
      expect(pid).not.toBe(child.pid);
      let text = '';
      child.stdout?.on('data', (chunk) => (text += chunk));
      child.kill(signal);
      expect(await exitOf(child)).toEqual({ code, signal: null });
      expect(text).toBe(`${signal}\n`);
      expect(isAlive(pid)).toBe(false);
    },
  );

  test('a command killed by a signal looks killed by it', async ({ skip }) => {
    if (old === null) return skip(why);
    const child = spawn(old, [launcher(), 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    process.kill(await readyPid(child), 'SIGKILL');
    expect(await exitOf(child)).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('killing the old process hard leaves no orphan', async ({ skip }) => {
    if (old === null) return skip(why);
    const child = spawn(old, [launcher(), 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await readyPid(child);
    child.kill('SIGKILL');
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false);
  });
});

/** The Node that runs npm, where it is one that must hand over. */
function oldNode(): string | null {
  const candidates = [
    process.env.npm_node_execpath,
    ...plainPath.split(delimiter).map((folder) => join(folder, 'node')),
  ];
  const found = candidates.find(
    (path) => path !== undefined && existsSync(path) && dirname(path) !== dirname(process.execPath),
  );
  if (found === undefined) return null;
  const major = Number.parseInt(
    execFileSync(found, ['-p', 'process.versions.node'], { encoding: 'utf8' }),
    10,
  );
  return major < 24 ? found : null;
}

function readyPid(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(/ready (\d+)/.exec(chunk.toString())![1])));
  });
}

function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
