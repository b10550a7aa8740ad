import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Why a test that needs a small disk was skipped. */
export const noSmallDisk = 'A full disk is not tried: this machine lets nobody but root mount a small one.';

/** For tests: a file system of 24 MB of its own. Null where this machine lets nobody but root mount one. */
export function mountSmallDisk(): { path: string; unmount(): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'benchtop-disk-'));
  const unmount = () => {
    // Also while a supervisor has its last words to write there: it keeps what it has open.
    execFileSync('umount', ['--lazy', path]);
    rmSync(path, { recursive: true });
  };
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', path], { stdio: 'pipe' });
    return { path, unmount };
  } catch {
    rmSync(path, { recursive: true });
    return null; // not root, or not Linux
  }
}

/** Writes to a file until no byte is left on its disk. */
export function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  for (const size of [1 << 20, 4096, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
  closeSync(file);
}
