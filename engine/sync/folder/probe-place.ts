import { access, constants, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TargetProbe } from '../../../contract/index.ts';
import { folderFailure } from './folder-failure.ts';
import { isThere, markName, requireMark } from './places.ts';

/** Looks at a folder that may become a target; writes nothing. @throws {SendFailure} where it cannot be one. */
export async function probePlace(root: string): Promise<TargetProbe> {
  const startedAt = performance.now();
  try {
    const isMade = await isThere(root);
    const place = isMade ? root : dirname(root);
    await access(place, constants.W_OK);
    const { bavail, bsize } = await statfs(place);
    return {
      version: null,
      freeBytes: bavail * bsize,
      elapsedMs: Math.round(performance.now() - startedAt),
      notices: [isMade ? await markNotice(root) : 'the folder is not there yet, and will be made'],
    };
  } catch (error) {
    throw folderFailure(error, root);
  }
}

async function markNotice(root: string): Promise<string> {
  return (await isThere(join(root, markName)))
    ? await requireMark(root).then(() => 'it holds what a Benchtop handed over before')
    : 'a file will be put there by which it is known';
}
