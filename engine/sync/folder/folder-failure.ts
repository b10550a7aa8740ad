import type { ErrorCode } from '../../../contract/index.ts';
import { SendFailure, type FailureKind } from '../link/send-failure.ts';

const meanings: Readonly<Record<string, readonly [kind: FailureKind, code: ErrorCode, what: string]>> = {
  ENOSPC: ['busy', 'disk-full', 'There is no room left'],
  EDQUOT: ['busy', 'disk-full', 'Your share of the room is used up'],
  EACCES: ['locked', 'not-allowed', 'You may not write'],
  EPERM: ['locked', 'not-allowed', 'You may not write'],
  EROFS: ['locked', 'not-allowed', 'Nothing can be written'],
  ENAMETOOLONG: ['refused', 'unsupported', 'A name is too long'],
  EINVAL: ['refused', 'unsupported', 'A name is not possible'],
};

/** What a failure of the file system of a target means. A share that went away fails in many ways; all of them are that. */
export function folderFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const code = String(error.code);
  const [kind, errorCode, what] = meanings[code] ?? [
    'unreachable',
    'disconnected',
    'The folder does not answer',
  ];
  return new SendFailure(
    kind,
    { code: errorCode, what: `${what} at ${path}.`, evidence: error.message },
    { cause: error },
  );
}
