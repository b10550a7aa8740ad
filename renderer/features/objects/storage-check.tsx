import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { DamagedObject, StorageUsage, VerifyReport } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ProgressLine } from '../../ui/progress-line.tsx';
import styles from './storage-page.module.css';
import type { Verifying } from './use-verify.ts';

/** Whether what is stored is sound: when it was last read, what was found, and mending it. */
export function StorageCheck({ verify, packs }: { verify: Verifying; packs: StorageUsage['packs'] }) {
  const { event, isRunning, error } = verify;
  const { data: problems } = useQuery({
    queryKey: ['storage', 'problems'],
    queryFn: () => engine.objects.problems({}),
  });
  const report = event?.kind === 'done' ? event : null;
  const hasProblem = problems !== undefined && (problems.isOlderThanPacks || problems.damaged.length > 0);
  const isDamaged = hasProblem || (report !== null && !isSound(report));
  return (
    <section className={styles.section} aria-label="Soundness">
      <h2>Soundness</h2>
      <LastRead packs={packs} />
      {isRunning ? (
        <ProgressLine
          label="Read so far"
          share={event?.kind === 'progress' ? event.readBytes / Math.max(1, event.totalBytes) : 0}
          text={
            event?.kind === 'progress'
              ? `Read ${formatBytes(event.readBytes)} of ${formatBytes(event.totalBytes)}`
              : 'Reading what is stored …'
          }
        />
      ) : null}
      {error === null ? null : <ErrorNotice error={error} />}
      {report === null ? null : (
        <p role="status">
          {`Read ${formatBytes(report.readBytes)} in ${formatDuration(report.elapsedMs)}: ${
            isSound(report) ? 'every stored file is sound.' : foundText(report)
          }`}
        </p>
      )}
      {report?.damaged.map((object) => (
        <Damaged
          key={object.objectId}
          where={object.where}
          what={object.isRepaired ? 'repaired' : 'damaged'}
          objects={[object]}
        />
      ))}
      {problems?.isOlderThanPacks === true ? (
        <p className={styles.problem}>
          <IconAlertTriangle size={14} stroke={1.5} aria-hidden />
          benchtop.db is an earlier copy of itself: files that were stored since are not found. Repair makes
          the index anew from the packs.
        </p>
      ) : null}
      {report !== null
        ? null
        : problems?.damaged.map(({ where, what, objects }) => (
            <Damaged key={where} where={where} what={what} objects={objects} />
          ))}
      {isDamaged && !isRunning ? (
        <>
          <Button onClick={() => verify.start({ repair: true })}>Repair</Button>
          <p className={styles.about}>
            Repair looks for another copy of what is damaged, such as the original file. In another folder:{' '}
            <code>benchtop verify --repair --from DIR</code>.
          </p>
        </>
      ) : null}
    </section>
  );
}

function LastRead({ packs: { count, unread, oldestCheckAt } }: { packs: StorageUsage['packs'] }) {
  return (
    <p>
      {count === 0 ? (
        'Nothing is stored yet.'
      ) : oldestCheckAt === null ? (
        `Not known to be sound yet: ${formatCount(unread)} of ${formatCount(count)} packs.`
      ) : (
        <>
          All of it was last read and found sound <RelativeTime at={oldestCheckAt} /> or later.
        </>
      )}{' '}
      <span className={styles.quiet}>
        While nothing else goes on, each pack is read again within thirty days.
      </span>
    </p>
  );
}

function Damaged({
  where,
  what,
  objects,
}: {
  where: string;
  what: string;
  objects: readonly Pick<DamagedObject, 'objectId' | 'runs'>[];
}) {
  const runs = objects.flatMap((object) => object.runs);
  return (
    <div className={styles.problem}>
      <IconAlertTriangle size={14} stroke={1.5} aria-hidden />
      <div>
        <code>{where}</code> {what}
        {runs.map((run) => (
          <p key={`${run.id} ${run.path}`}>
            {run.path} of <Link href={`/runs/${run.id}/artifacts`}>{run.name}</Link>
          </p>
        ))}
        {runs.length > 0 ? null : (
          <p className={styles.quiet}>{objects.map(({ objectId }) => objectId.slice(0, 12)).join(', ')}</p>
        )}
      </div>
    </div>
  );
}

const isSound = ({ store, isOlderThanPacks, damaged }: VerifyReport): boolean =>
  store === 'ok' && !isOlderThanPacks && damaged.every(({ isRepaired }) => isRepaired);

function foundText({ store, damaged }: VerifyReport): string {
  const files = `${formatCount(damaged.length)} stored ${damaged.length === 1 ? 'file is' : 'files are'} damaged.`;
  return store === 'ok' ? files : `benchtop.db is damaged (${store}). ${files}`;
}
