import { assertNever, type SyncTarget, type TargetKind, type TargetProbe } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';

/** What is read of the outbox lies below it, and is read anew when it changes. */
export const outboxKey = ['outbox'];

export const kindNames = {
  mlflow: 'MLflow server',
  folder: 'Folder or share',
  git: 'Git remote, for code',
} as const satisfies Record<TargetKind, string>;

/** Where a secret is, as it is. */
export function secretText({ auth, secretIn }: Pick<SyncTarget, 'auth' | 'secretIn'>): string {
  if (auth === 'none') return 'no secret';
  const what = auth === 'token' ? 'token' : 'password';
  switch (secretIn) {
    case 'keychain':
      return `${what} in the system’s keychain`;
    case 'file':
      return `${what} unsealed in a file that only you can read`;
    case 'none':
      return `${what} missing`;
    default:
      return assertNever(secretIn);
  }
}

/** What a target said of itself: `MLflow 3.18.0, answered in 20 ms`. */
export function probeText(kind: TargetKind, { version, freeBytes, elapsedMs }: TargetProbe): string {
  const what = kind === 'mlflow' ? `MLflow ${version ?? 'of an unknown version'}, ` : '';
  const room = freeBytes === undefined ? '' : `${formatBytes(freeBytes)} free, `;
  return `${what}${room}answered in ${elapsedMs} ms`;
}

/** Deliveries by their states: `3 waiting · 12 verified`. */
export const countsText = (counts: SyncTarget['counts']): string =>
  Object.entries(counts)
    .map(([state, count]) => `${count.toLocaleString('en')} ${state}`)
    .join(' · ');
