import { cp, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchContext } from './measure.ts';
import { missingEngine, startEngine } from './programs.ts';
import type { StartedProgram } from './start-program.ts';

/** Why the window cannot be measured, or null. */
export function missingWindow({ root, chromiumPath }: BenchContext): string | null {
  if (chromiumPath === null) return 'not measured: no Chromium on this machine';
  if (!existsSync(join(root, 'out', 'window', 'index.html'))) return 'not measured: out/window is not built';
  return missingEngine(root);
}

/** Two engines for the work: one with the window and many runs, and the same host with a page of one line. */
export async function withWindowHosts<T>(
  context: BenchContext,
  work: (hosts: { window: StartedProgram; oneLine: StartedProgram }) => Promise<T>,
): Promise<T> {
  const window = await startEngine(context.root, await context.homeWithRuns());
  try {
    const installation = await oneLineInstallation(context);
    const oneLine = await startEngine(installation, join(installation, 'home'));
    try {
      return await work({ window, oneLine });
    } finally {
      await oneLine.stop();
    }
  } finally {
    await window.stop();
  }
}

/** The address of the page with all runs; the token goes along in the fragment. */
export function runsPage(window: StartedProgram): URL {
  return new URL(`/runs${window.url.hash}`, window.url);
}

async function oneLineInstallation({ root, scratch }: BenchContext): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'one-line-'));
  await mkdir(join(folder, 'out', 'window'), { recursive: true });
  await cp(join(root, 'out', 'app'), join(folder, 'out', 'app'), { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await writeFile(
    join(folder, 'out', 'window', 'index.html'),
    '<!doctype html><title>One line</title><p>Ready.\n',
  );
  return folder;
}
