import { realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';

/**
 * Linux tells it at a tenth of what it costs to put it together here. Others would spell a path anew: in another case, or by the share
 * behind a drive.
 */
const resolveLinks = process.platform === 'linux' ? realpathSync.native : realpathSync;

/** The path with its links resolved, so that one file or folder is one data set. */
export function realPath(path: string): string {
  if (!isAbsolute(path))
    throw new BenchtopError({ code: 'invalid-input', what: `${path} is not an absolute path.` });
  try {
    return resolveLinks(path);
  } catch (error) {
    throw pathError(path, error);
  }
}

/** Why a path cannot be followed or asked about: nothing is there, or it may not be read. */
export function pathError(path: string, cause: unknown): BenchtopError {
  if (isMissing(cause))
    return new BenchtopError({ code: 'not-found', what: `There is nothing at ${path}.` }, { cause });
  const evidence = cause instanceof Error ? cause.message : String(cause);
  return new BenchtopError({ code: 'file-unreadable', what: `${path} cannot be read.`, evidence }, { cause });
}

/** As `realPath`, but a path that cannot be followed is taken as it is written: a run may name something that is not there. */
export function resolvedPath(path: string): string {
  try {
    return realPath(path);
  } catch (error) {
    if (error instanceof BenchtopError) return path;
    throw error;
  }
}
