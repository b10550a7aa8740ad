import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { environmentDifferences } from './environment-differences.ts';
import { environmentLock, requirementsText, type CapturedEnvironment } from './environment-lock.ts';
import { packageFiles } from './package-files.ts';

const numpy = { name: 'numpy', version: '2.4.6', filesSha256: 'a'.repeat(64), origin: null };

const environment = (more: Partial<CapturedEnvironment> = {}): CapturedEnvironment => ({
  capturedAt: 1,
  interpreter: { path: '/a/venv/bin/python', language: 'python', kind: 'venv', version: '3.11.2' },
  packages: [numpy],
  blas: ['numpy.libs/libscipy_openblas64_-32a4b2a6.so'],
  git: null,
  host: {
    os: 'Debian GNU/Linux 12 (bookworm)',
    kernel: 'Linux 6.1',
    architecture: 'x64',
    cpuModel: 'A',
    cores: 8,
    memoryBytes: 8 * 1024 ** 3,
    gpus: null,
    gpuDriver: null,
    cpuFeatures: ['avx2', 'fma'],
    libc: 'glibc 2.36',
  },
  variables: { PATH: '/a', OMP_NUM_THREADS: '4' },
  problems: [],
  ...more,
});

test('the lock is of what can change a result: not of paths, times and places', () => {
  const { id, lines } = environmentLock(environment());
  expect(lines).toContain(`package numpy 2.4.6 sha256:${'a'.repeat(64)}`);
  expect(lines).toContain('variable OMP_NUM_THREADS=4');
  const moved = environment({
    capturedAt: 2,
    interpreter: { path: '/b/python', language: 'python', kind: 'venv', version: '3.11.2' },
    variables: { PATH: '/b', OMP_NUM_THREADS: '4' },
  });
  expect(environmentLock(moved).id).toBe(id);
  for (const changed of [
    environment({ variables: { OMP_NUM_THREADS: '1' } }),
    environment({ packages: [{ ...numpy, version: '2.4.5' }] }),
    environment({ packages: [{ ...numpy, filesSha256: 'b'.repeat(64) }] }),
    environment({ blas: [] }),
    environment({ host: { ...environment().host, cpuFeatures: ['avx512f'] } }),
  ])
    expect(environmentLock(changed).id).not.toBe(id);
});

test('packages are listed as pip reads them, by where they came from when that was no index', () => {
  const own = { name: 'own', version: '0', filesSha256: null, origin: 'git+https://example.org/own@abc' };
  expect(requirementsText(environment({ packages: [numpy, own] }))).toBe(
    '# Python 3.11.2\nnumpy==2.4.6\nown @ git+https://example.org/own@abc\n',
  );
  expect(requirementsText(environment({ packages: null }))).toBeNull();
});

test('two environments are told apart part by part, other versions first', () => {
  const scipy = { name: 'scipy', version: '1.1', filesSha256: null, origin: null };
  const other = environment({
    packages: [{ ...numpy, version: '2.4.5' }, scipy],
    variables: { PATH: '/elsewhere' },
    host: { ...environment().host, cores: 4 },
  });
  expect(environmentDifferences(environment(), other)).toEqual({
    packages: [
      { name: 'numpy', a: '2.4.6', b: '2.4.5', detail: null },
      { name: 'scipy', a: null, b: '1.1', detail: null },
    ],
    interpreter: [],
    variables: [{ name: 'OMP_NUM_THREADS', a: '4', b: null, detail: null }],
    machine: [{ name: 'cores', a: '8', b: '4', detail: null }],
  });
  const patched = environment({ packages: [{ ...numpy, filesSha256: 'b'.repeat(64) }] });
  expect(environmentDifferences(environment(), patched).packages).toMatchObject([
    { name: 'numpy', detail: 'version 2.4.6 in both, with other files' },
  ]);
  // A record from before hashes were kept says nothing about them.
  const older = environment({ packages: [{ ...numpy, filesSha256: null }] });
  expect(environmentDifferences(environment(), older).packages).toEqual([]);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-package-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the files of a package are summed up without what differs from machine to machine', async () => {
  const record = (name: string, rows: readonly string[]) => {
    const path = join(folder, name, 'numpy-2.4.6.dist-info');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'RECORD'), `${rows.join('\n')}\n`);
    return path;
  };
  const own = ['numpy/core.py,sha256=x,10', 'numpy/linalg.py,sha256=y,20'];
  const here = record('here', [
    ...own,
    '../../../bin/f2py,sha256=one,1',
    'numpy/__pycache__/core.cpython-311.pyc,,',
    'numpy-2.4.6.dist-info/INSTALLER,sha256=pip,4',
  ]);
  const there = record('there', ['../../../bin/f2py,sha256=two,1', ...own.toReversed()]);
  const patched = record('patched', ['numpy/core.py,sha256=z,10', own[1] ?? '']);
  const { filesSha256 } = await packageFiles(here);
  expect(filesSha256).toMatch(/^[0-9a-f]{64}$/);
  expect((await packageFiles(there)).filesSha256).toBe(filesSha256);
  expect((await packageFiles(patched)).filesSha256).not.toBe(filesSha256);
  expect(await packageFiles(join(folder, 'missing'))).toEqual({ filesSha256: null, origin: null });

  writeFileSync(
    join(here, 'direct_url.json'),
    JSON.stringify({ url: 'https://me:secret@example.org/n', vcs_info: { vcs: 'git', commit_id: 'abc' } }),
  );
  writeFileSync(join(here, 'RECORD'), `${own.join('\n')}\n`);
  expect((await packageFiles(here)).origin).toBe('git+https://example.org/n@abc');
});
