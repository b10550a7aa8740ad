import { assertNever, type DeliveryState, type RunStatus, type StageState } from '../../contract/index.ts';
import styles from './status-mark.module.css';

type Status =
  | RunStatus
  | StageState
  | DeliveryState
  | 'paused'
  | 'stale'
  | 'restorable'
  | 'frozen'
  | 'unknown';

/** A state told by shape first: icon of 14 px, and its word unless `isIconOnly` (then the word is the icon's name). */
export function StatusMark({ status, isIconOnly = false }: { status: Status; isIconOnly?: boolean }) {
  const word = statusWord(status);
  const name = isIconOnly ? { role: 'img', 'aria-label': word } : { 'aria-hidden': true };
  return (
    <span className={styles.mark} data-status={status}>
      <svg
        viewBox="0 0 14 14"
        width="14"
        height="14"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        {...name}
      >
        {isIconOnly ? <title>{word}</title> : null}
        <Shape status={status} />
      </svg>
      {isIconOnly ? null : <span>{word}</span>}
    </span>
  );
}

/** A state in words. */
export const statusWord = (status: Status): string => (status === 'unknown' ? 'not run yet' : status);

function Shape({ status }: { status: Status }) {
  switch (status) {
    case 'running':
    case 'sending':
      return (
        <>
          <circle cx="7" cy="7" r="5.25" opacity="0.3" />
          <path d="M7 1.750a5.250 5.250 0 0 1 5.250 5.250" strokeLinecap="round" className={styles.turning} />
        </>
      );
    case 'queued':
    case 'waiting':
      return <circle cx="7" cy="7" r="5.250" strokeDasharray="0.1 2.650" strokeLinecap="round" />;
    case 'paused':
      return <path d="M4.750 2.500v9M9.250 2.500v9" strokeLinecap="round" />;
    case 'finished':
    case 'verified':
      return <path d="M2.500 7.500l3 3 6-7" strokeLinecap="round" strokeLinejoin="round" />;
    case 'failed':
    case 'refused':
      return (
        <>
          <path d="M4.500 1h5L13 4.500v5L9.500 13h-5L1 9.500v-5z" fill="currentColor" stroke="none" />
          <path d="M5 5l4 4M9 5l-4 4" stroke="var(--surface)" strokeLinecap="round" />
        </>
      );
    case 'killed':
    case 'lost':
    case 'cancelled':
      return <rect x="2.250" y="2.250" width="9.500" height="9.500" rx="1" />;
    case 'up-to-date':
      return <path d="M2.500 5h9M2.500 9h9" strokeLinecap="round" />;
    case 'restored':
    case 'restorable':
      return (
        <path
          d="M3 7a4.250 4.250 0 1 1 1.300 3M3 3.500V7h3.500"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      );
    case 'conflict':
      return (
        <path d="M7 2l5.500 10h-11zM7 5.500v3M7 10.250v0.250" strokeLinejoin="round" strokeLinecap="round" />
      );
    case 'stale':
      return (
        <>
          <circle cx="7" cy="7" r="5.250" />
          <path d="M7 1.750a5.250 5.250 0 0 1 0 10.500z" fill="currentColor" stroke="none" />
        </>
      );
    case 'frozen':
      return <path d="M7 1.500v11M2.250 4.250l9.500 5.500M11.750 4.250l-9.500 5.500" strokeLinecap="round" />;
    case 'unknown':
      return <circle cx="7" cy="7" r="0.750" />;
    case 'skipped':
      return <path d="M3 7h8" strokeLinecap="round" />;
    default:
      return assertNever(status);
  }
}
