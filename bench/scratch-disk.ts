import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A journalled ext4 of its own in a file of the scratch folder, where this machine lets the bench mount one: a root disk on
 * which much was removed creates files at very uneven speed. Elsewhere a plain folder, and the note says so.
 */
export async function withScratchDisk<T>(
  scratch: string,
  gibibytes: number,
  work: (folder: string, note: string) => Promise<T>,
): Promise<T> {
  const folder = join(scratch, 'disk');
  const image = join(scratch, 'disk.image');
  mkdirSync(folder);
  const isMounted = mount(image, folder, gibibytes);
  try {
    return await work(
      folder,
      isMounted
        ? 'On a fresh ext4 in a file, mounted for the bench.'
        : 'In the temporary folder: no file system could be mounted for the bench, so creating files may be uneven.',
    );
  } finally {
    if (isMounted) execFileSync('umount', [folder]);
    rmSync(image, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

function mount(image: string, folder: string, gibibytes: number): boolean {
  try {
    writeFileSync(image, '');
    truncateSync(image, gibibytes * 2 ** 30);
    execFileSync('/usr/sbin/mke2fs', ['-q', '-F', '-t', 'ext4', image], { stdio: 'pipe' });
    execFileSync('mount', ['-o', 'loop', image, folder], { stdio: 'pipe' });
    return true;
  } catch {
    return false; // not root, not Linux, or no loop devices: told in the note
  }
}
