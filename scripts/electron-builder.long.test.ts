import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { build } from './build.mjs';
import { projectRoot } from './bootstrap.mjs';
import { fixtureHouse, type FixtureHouse } from './fixture-house.ts';

const require = createRequire(import.meta.url);
const ofBuilder = createRequire(require.resolve('electron-builder/package.json'));
const { listPackage, statFile } = await import(ofBuilder.resolve('@electron/asar'));
const { FuseV1Options, getCurrentFuseWire } = await import(ofBuilder.resolve('@electron/fuses'));

/** What marks the fuses in the binary, from @electron/fuses; then version, count, one character per fuse. */
const fuseSentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/**
 * Packs the fixture with this electron-builder.yml around an Electron that is nothing but a fuse wire: what goes
 * into the archive, what stays outside, and the fuses can be seen with no download.
 */
describe('a packed folder', () => {
  let house: FixtureHouse;
  let output: string;
  beforeAll(async () => {
    house = fixtureHouse();
    await build(house.root);
    const { root, write } = house;
    rmSync(join(root, 'node_modules'));
    for (const name of ['better-sqlite3', '@duckdb', 'detect-libc'])
      cpSync(join(projectRoot, 'node_modules', name), join(root, 'node_modules', name), { recursive: true });
    for (const name of ['electron-builder.yml', 'LICENSE']) cpSync(join(projectRoot, name), join(root, name));
    const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
    const { name, version, description, license, type, main } = manifest;
    const { 'better-sqlite3': sqlite, '@duckdb/node-api': duckdb } = manifest.dependencies;
    const dependencies = { 'better-sqlite3': sqlite, '@duckdb/node-api': duckdb };
    write('package.json', JSON.stringify({ name, version, description, license, type, main, dependencies }));
    write('node_modules/left-behind/package.json', '{"name": "left-behind", "version": "1.0.0"}');
    const electronVersion = manifest.devDependencies.electron;
    const dist = join(root, 'electron-dist');
    mkdirSync(join(dist, 'resources'), { recursive: true });
    writeFileSync(join(dist, 'electron'), `ELF${fuseSentinel}\u0001\u0009${'1'.repeat(9)}end`, {
      mode: 0o755,
    });
    writeFileSync(join(dist, 'version'), electronVersion);
    for (const file of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox', 'chrome_crashpad_handler']) {
      writeFileSync(join(dist, file), '');
    }
    const cli = join(projectRoot, 'node_modules/electron-builder/cli.js');
    const args = [
      '--linux',
      'dir',
      '--x64',
      '-c.electronDist',
      dist,
      `-c.electronVersion=${electronVersion}`,
    ];
    const result = spawnSync(process.execPath, [cli, ...args], { cwd: root, encoding: 'utf8' });
    expect(result.status, result.stdout + result.stderr).toBe(0);
    output = join(root, 'out/packages/linux-unpacked');
  }, 300_000);
  afterAll(() => house.remove());

  test('holds the bundles, the page, the resources, and of node_modules only the native packages', () => {
    const files: string[] = listPackage(join(output, 'resources/app.asar'), { isPack: false }).map(
      (path: string) => path.slice(1),
    );
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'out/app/main.mjs',
        'out/app/reader.mjs',
        'out/preload/preload.cjs',
        'out/window/index.html',
        'resources/note.txt',
        'node_modules/better-sqlite3/lib/index.js',
      ]),
    );
    const strangers = files.filter((path) =>
      /^(engine|main|renderer|contract|scripts|electron-dist)(\/|$)|\.ts$|left-behind|better-sqlite3\/(deps|src)|out\/packages/.test(
        path,
      ),
    );
    expect(strangers).toEqual([]);
  });

  test('keeps native code, and files for child processes, outside the archive', () => {
    const archive = join(output, 'resources/app.asar');
    const isOutside = (path: string): boolean => statFile(archive, path).unpacked === true;
    expect(isOutside('node_modules/better-sqlite3/prebuilds/linux-x64.node')).toBe(true);
    expect(isOutside('node_modules/@duckdb/node-bindings-linux-x64/duckdb.node')).toBe(true);
    expect(isOutside('node_modules/@duckdb/node-bindings-linux-x64/libduckdb.so')).toBe(true);
    expect(isOutside('node_modules/@duckdb/node-api/lib/index.js')).toBe(false);
    expect(isOutside('resources/note.txt')).toBe(true);
    expect(isOutside('out/app/wrapper.sh')).toBe(true);
    expect(isOutside('out/app/main.mjs')).toBe(false);
  });

  test('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(output, 'benchtop'));
    const [off, on] = ['0'.charCodeAt(0), '1'.charCodeAt(0)];
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
    });
  });
});
