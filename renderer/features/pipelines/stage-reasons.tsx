import { Button } from '@mantine/core';
import { useState } from 'react';
import {
  reasonText,
  assertNever,
  warningRemedy,
  warningText,
  type StageReason,
  type StageStatus,
} from '../../../contract/index.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { whenLoaded } from '../../ui/when-loaded.tsx';
import styles from './stage-panel.module.css';

const DepDifference = whenLoaded(() => import('./dep-difference.tsx'));

/** Why a stage is not up to date, each reason with its difference, and what else is worth knowing of it. */
export function StageReasons({
  status,
  projectId,
  onSelect,
}: {
  status: StageStatus;
  projectId: string;
  onSelect: (stage: string) => void;
}) {
  const { state, reasons, warnings, expectedMs } = status;
  return (
    <section aria-labelledby="stage-reasons">
      <h3 id="stage-reasons" className={styles.heading}>
        {headingOf(state)}
        {expectedMs === null || state !== 'stale' ? null : (
          <span className={styles.quiet}>about {formatDuration(expectedMs)}</span>
        )}
      </h3>
      <ul className={styles.plain}>
        {reasons.map((reason) => (
          <li key={JSON.stringify(reason)} className={styles.reason}>
            <Reason reason={reason} projectId={projectId} onSelect={onSelect} />
          </li>
        ))}
        {warnings.map((warning) => (
          <li key={JSON.stringify(warning)} className={styles.warning}>
            It {warningText(warning)}. {warningRemedy(warning)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function headingOf(state: StageStatus['state']): string {
  switch (state) {
    case 'up-to-date':
      return 'Up to date: running it would change nothing';
    case 'restorable':
      return 'An earlier run did the same: its outputs can be brought back';
    case 'stale':
      return 'Has to run, because';
    case 'frozen':
      return 'Frozen: it does not run, though';
    default:
      return assertNever(state);
  }
}

function Reason({
  reason,
  projectId,
  onSelect,
}: {
  reason: StageReason;
  projectId: string;
  onSelect: (stage: string) => void;
}) {
  switch (reason.kind) {
    case 'param':
    case 'environment':
      return (
        <>
          <span title={reason.kind === 'param' ? `${reason.name} in ${reason.file}` : undefined}>
            {reason.name}
          </span>{' '}
          <Sides before={reason.before} after={reason.after} />
        </>
      );
    case 'command':
      return (
        <>
          its command is another
          <pre className={styles.command}>
            <span className={styles.before}>{signed('−', reason.before)}</span>
            {'\n'}
            <span>{signed('+', reason.after)}</span>
          </pre>
        </>
      );
    case 'dep':
      return <DepReason reason={reason} projectId={projectId} />;
    case 'upstream':
      return (
        <>
          runs after{' '}
          <button type="button" className={styles.link} onClick={() => onSelect(reason.stage)}>
            {reason.stage}
          </button>
        </>
      );
    case 'never-run':
    case 'always-changed':
    case 'forced':
    case 'unsettled':
    case 'output':
      return reasonText(reason);
    default:
      return assertNever(reason);
  }
}

const signed = (sign: string, text: string) =>
  text
    .split('\n')
    .map((line) => `${sign} ${line}`)
    .join('\n');

function Sides({ before, after }: { before: string | null; after: string | null }) {
  return (
    <>
      <span className={styles.before}>{before ?? 'none'}</span> <span aria-label="became">→</span>{' '}
      <span>{after ?? 'none'}</span>
    </>
  );
}

const filesShown = 5;

function DepReason({
  reason,
  projectId,
}: {
  reason: Extract<StageReason, { kind: 'dep' }>;
  projectId: string;
}) {
  const [isOpen, open] = useState(false);
  const { path, change, files, fileCount, beforeId } = reason;
  return (
    <>
      <span className={styles.dep}>
        <span title={path}>{reasonText(reason)}</span>
        {change === 'modified' && beforeId !== null ? (
          <Button onClick={() => open(true)}>Difference…</Button>
        ) : null}
      </span>
      {fileCount < 2 ? null : (
        <ul className={styles.files}>
          {files.slice(0, filesShown).map((file) => (
            <li key={file.path}>
              <code>{file.path}</code> {file.change}
            </li>
          ))}
          {fileCount > filesShown ? <li>and {fileCount - Math.min(filesShown, files.length)} more</li> : null}
        </ul>
      )}
      {isOpen && beforeId !== null ? (
        <DepDifference projectId={projectId} path={path} before={beforeId} onClose={() => open(false)} />
      ) : null}
    </>
  );
}
