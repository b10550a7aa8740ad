import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeRunFolder } from './run-folder.ts';

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

test('what a killed run of the tests left is taken away, with the small disks in it; what a running one has stays', () => {
  const parent = mkdtempSync(join(tmpdir(), 'benchtop folders '));
  const killed = join(parent, `benchtop-tests-${spawnSync(process.execPath, ['--version']).pid}`);
  const running = join(parent, `benchtop-tests-${process.ppid}`);
  const disk = join(killed, 'disk');
  for (const path of [disk, running]) mkdirSync(path, { recursive: true });
  if (mayMount) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);

  vi.stubEnv('TMPDIR', parent);
  const own = makeRunFolder();
  expect(existsSync(killed)).toBe(false);
  expect(existsSync(running)).toBe(true);
  expect(tmpdir()).toBe(own.path);
  own.remove();
  expect(existsSync(own.path)).toBe(false);
  rmSync(parent, { recursive: true });
});
