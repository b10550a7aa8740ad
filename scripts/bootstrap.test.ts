import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { projectRoot } from './bootstrap.mjs';
import { chooseNode, nodePackageFor } from './node-choice.mjs';

describe('ensureInstalled', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'benchtop-install-'));
    writeFileSync(join(root, 'package.json'), '{"name": "fixture", "version": "1.0.0"}');
    writeLock('fixture');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** A lockfile that asks for nothing, so that the real npm can install it with no network. */
  function writeLock(name: string): void {
    const lock = { name, version: '1.0.0', lockfileVersion: 3, packages: { '': { name, version: '1.0.0' } } };
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
  }

  const script = (): string =>
    `import { ensureInstalled } from ${JSON.stringify(join(projectRoot, 'scripts/bootstrap.mjs'))};
     const { installed, problem } = await ensureInstalled(${JSON.stringify(root)}, null);
     console.log(problem ?? installed);`;

  /** npm writes no record for nothing: the installation is done again wherever the stamp does not settle it. */
  function ensure(env: NodeJS.ProcessEnv = process.env): SpawnSyncReturns<string> {
    return spawnSync(process.execPath, ['--input-type=module', '-e', script()], { encoding: 'utf8', env });
  }

  test('installs once, and again when the lockfile changes', () => {
    const first = ensure();
    expect(first.stdout).toBe('true\n');
    expect(first.stderr).toMatch(
      /^benchtop: Installing packages from package-lock\.json \(once\) … done in \d+ s\n$/,
    );
    expect(ensure()).toMatchObject({ stdout: 'false\n', stderr: '' });
    writeLock('renamed');
    writeFileSync(join(root, 'package.json'), '{"name": "renamed", "version": "1.0.0"}');
    expect(ensure().stdout).toBe('true\n');
  });

  test('takes over an installation made by hand', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages": {}}');
    expect(ensure()).toMatchObject({ stdout: 'false\n', stderr: '' });
    expect(existsSync(join(root, 'node_modules/.benchtop-stamp'))).toBe(true);
  });

  test('two starts at once install once', async () => {
    const outputs = await Promise.all(
      [1, 2].map(
        () =>
          new Promise<string>((resolve) => {
            const child = spawn(process.execPath, ['--input-type=module', '-e', script()], {
              stdio: ['ignore', 'pipe', 'ignore'],
            });
            let text = '';
            child.stdout.on('data', (chunk) => (text += chunk));
            child.once('close', () => resolve(text));
          }),
      ),
    );
    expect(outputs.toSorted()).toEqual(['false\n', 'true\n']);
  });

  test('a failed installation prints npm’s words and the next step, leaves no stamp, and is tried again', () => {
    const folder = join(root, 'fake');
    mkdirSync(folder);
    writeFileSync(join(folder, 'npm'), '#!/bin/sh\necho "npm error code ENOTFOUND" >&2\nexit 1\n');
    chmodSync(join(folder, 'npm'), 0o755);
    const env: NodeJS.ProcessEnv = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter) };
    delete env.npm_execpath;
    const failed = ensure(env);
    expect(failed.stderr).toMatch(/failed after \d+ s\n$/);
    expect(failed.stdout).toMatch(/npm ci.*npm error code ENOTFOUND\n.*Connect to the network/s);
    expect(existsSync(join(root, 'node_modules/.benchtop-stamp'))).toBe(false);
    expect(existsSync(join(root, 'out/install.lock'))).toBe(false);
    expect(ensure().stdout).toBe('true\n');
  });
});

describe('chooseNode', () => {
  const linux = { platform: 'linux', arch: 'x64', replaced: false };

  test('a new enough Node goes on by itself', () => {
    expect(chooseNode({ ...linux, version: '24.0.0', pinnedBinary: '/n' })).toEqual({ kind: 'this-process' });
    expect(chooseNode({ ...linux, version: '26.1.0', pinnedBinary: null })).toEqual({ kind: 'this-process' });
  });

  test('an older one hands over to the packaged one', () => {
    expect(chooseNode({ ...linux, version: '20.19.4', pinnedBinary: '/n' })).toEqual({
      kind: 'other',
      binary: '/n',
    });
  });

  test('a binary that the installation has just replaced hands over to the new one', () => {
    const facts = { ...linux, version: '24.0.0', replaced: true };
    expect(chooseNode({ ...facts, pinnedBinary: '/n' })).toEqual({ kind: 'other', binary: '/n' });
    expect(chooseNode({ ...facts, pinnedBinary: null })).toEqual({ kind: 'this-process' });
  });

  test('where none would do, it says which one to install and why', () => {
    const mac = chooseNode({
      platform: 'darwin',
      arch: 'arm64',
      version: '22.3.0',
      pinnedBinary: null,
      replaced: false,
    });
    expect(mac).toMatchObject({
      kind: 'none',
      message: expect.stringMatching(/22\.3\.0.*darwin-arm64: install Node 24/),
    });
    const left = chooseNode({ ...linux, version: '20.0.0', pinnedBinary: null });
    expect(left).toMatchObject({ message: expect.stringMatching(/optional packages left out/) });
  });

  test('package.json carries exactly the packages that it may choose', () => {
    const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    const kinds = ['linux', 'win32', 'darwin'].flatMap((platform) =>
      ['x64', 'arm64'].map((arch) => nodePackageFor(platform, arch)),
    );
    expect(kinds.filter((name) => name !== null).toSorted()).toEqual(
      Object.keys(manifest.optionalDependencies).toSorted(),
    );
  });
});
