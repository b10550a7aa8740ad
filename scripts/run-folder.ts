import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const begin = 'benchtop-tests-';

/**
 * Makes one temporary folder of this run of the tests, in which all that they and their programs make lies (TMPDIR), and takes
 * away those of runs that were killed. Returns what takes this one away.
 */
export function makeRunFolder(): { path: string; remove(): void } {
  const parent = tmpdir();
  for (const name of readdirSync(parent))
    if (name.startsWith(begin) && !isRunning(Number(name.slice(begin.length)))) remove(join(parent, name));
  const path = join(parent, `${begin}${process.pid}`);
  mkdirSync(path);
  process.env['TMPDIR'] = path;
  return { path, remove: () => remove(path) };
}

/** Where it cannot be taken away, because a program still writes there, the next run does it. */
function remove(path: string): void {
  try {
    for (const mounted of mountsBelow(path)) execFileSync('umount', ['--lazy', mounted], { stdio: 'pipe' });
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  } catch (error) {
    console.error(`benchtop: ${path} is left for the next run of the tests: ${String(error)}`);
  }
}

/** The small disks of tests that were killed (`engine/fixture-small-disk.ts`), the innermost first; none where there is no /proc. */
function mountsBelow(path: string): string[] {
  if (process.platform !== 'linux') return [];
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) =>
      (line.split(' ')[1] ?? '').replace(/\\([0-7]{3})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 8)),
      ),
    )
    .filter((mounted) => mounted.startsWith(`${path}/`))
    .toReversed();
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
