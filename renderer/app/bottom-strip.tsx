import { useQuery } from '@tanstack/react-query';
import { IconAlertTriangle, IconCloudOff, IconCloudUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Job } from '../../contract/index.ts';
import { ElapsedTime } from '../ui/elapsed-time.tsx';
import { formatBytes } from '../ui/format-bytes.ts';
import { EtaText } from '../ui/eta-text.tsx';
import { StatusMark } from '../ui/status-mark.tsx';
import styles from './bottom-strip.module.css';
import { engine, useEngineLink } from './engine.ts';
import { useOutbox } from './use-outbox.ts';
import { useMachine } from './use-machine.ts';

/** Packs are read again now and then. */
const lookForDamageEveryMs = 600_000;

/** What goes on: the jobs, the laptop, the engine. */
export function BottomStrip() {
  return (
    <footer className={styles.strip} data-region="status" aria-label="Jobs and machine" tabIndex={-1}>
      <Jobs />
      <StorageProblem />
      <OutboxMark />
      <Machine />
      <EngineState />
    </footer>
  );
}

function Jobs() {
  const { data: queue } = useQuery({ queryKey: ['jobs'], queryFn: () => engine.runner.queue({}) });
  const jobs = queue?.jobs ?? [];
  const running = jobs.filter((job) => job.status === 'running');
  const waiting = jobs.length - running.length;
  return (
    <div className={styles.jobs} role="status">
      {jobs.length === 0 ? <span className={styles.quiet}>Nothing is running</span> : null}
      {running.slice(0, 3).map((job) => (
        <JobMark key={job.runId} job={job} />
      ))}
      {jobs.length > 0 || queue?.isHeld === true ? (
        <Link href="/queue" className={styles.queue}>
          {running.length > 3 ? `and ${running.length - 3} more running, ` : null}
          {waiting > 0 ? `${waiting} waiting` : 'queue'}
          {queue?.isHeld === true ? ', held' : null}
        </Link>
      ) : null}
    </div>
  );
}

function JobMark({ job }: { job: Job }) {
  const path = job.projectId === null ? `/runs/${job.runId}` : `/projects/${job.projectId}/runs/${job.runId}`;
  return (
    <Link href={path} className={styles.job}>
      <StatusMark status={job.isPaused ? 'paused' : job.status} isIconOnly />
      <span className={styles.jobName}>{job.name}</span>
      <span className={styles.quiet}>
        {job.progress === null ? null : `${Math.round(job.progress * 100)} % · `}
        <ElapsedTime startedAt={job.startedAt} endedAt={null} gaps={job.gaps} />
        {job.etaAt === null ? null : (
          <>
            {' · ends about '}
            <EtaText job={job} />
          </>
        )}
      </span>
    </Link>
  );
}

/** What reading again has brought to light; where nothing is wrong, nothing. */
function StorageProblem() {
  const { data } = useQuery({
    queryKey: ['storage', 'problems'],
    queryFn: () => engine.objects.problems({}),
    refetchInterval: lookForDamageEveryMs,
  });
  if (data === undefined || (!data.isOlderThanPacks && data.damaged.length === 0)) return null;
  return (
    <Link href="/storage" className={styles.damaged}>
      <IconAlertTriangle size={14} stroke={1.5} aria-hidden />
      {data.isOlderThanPacks ? 'The store is an earlier copy' : 'Stored files are damaged'}
    </Link>
  );
}

/** What waits to leave this machine; where nothing does, nothing. */
function OutboxMark() {
  const outbox = useOutbox();
  if (outbox === null) return null;
  const { waiting, sending, conflict, refused, offline } = outbox;
  const parts = [
    ...(waiting + sending === 0 ? [] : [`${waiting + sending} waiting`]),
    ...(conflict + refused === 0 ? [] : [`${conflict + refused} to look at`]),
    ...(offline.length > 0 && waiting + sending > 0 ? ['offline'] : []),
  ];
  if (parts.length === 0) return null;
  const Icon = offline.length > 0 ? IconCloudOff : IconCloudUp;
  return (
    <Link href="/outbox" className={conflict + refused > 0 ? styles.damaged : styles.outbox}>
      <Icon size={14} stroke={1.5} aria-hidden />
      {parts.join(', ')}
    </Link>
  );
}

function Machine() {
  const machine = useMachine();
  const isLost = useEngineLink((link) => link.lostAt !== null);
  if (machine === null) return null;
  const memoryShare = machine.memoryUsedBytes / machine.memoryTotalBytes;
  return (
    <dl className={styles.machine} data-stale={isLost || undefined}>
      <Meter
        name="CPU"
        share={machine.cpuShare}
        text={`${Math.round(machine.cpuShare * 100)} %`}
        title={`${machine.cores} cores`}
        mayBeFull
      />
      <Meter
        name="Memory"
        share={memoryShare}
        text={formatBytes(machine.memoryUsedBytes)}
        title={`${formatBytes(machine.memoryUsedBytes)} of ${formatBytes(machine.memoryTotalBytes)} in use`}
      />
      {machine.gpu === null ? null : (
        <Meter
          name="GPU"
          share={machine.gpu.share}
          text={`${Math.round(machine.gpu.share * 100)} %`}
          title={machine.gpu.name}
          mayBeFull
        />
      )}
      <Meter
        name="Disk"
        share={1 - machine.diskFreeBytes / machine.diskTotalBytes}
        text={<Link href="/storage">{`${formatBytes(machine.diskFreeBytes)} free`}</Link>}
        title={`${formatBytes(machine.diskFreeBytes)} of ${formatBytes(machine.diskTotalBytes)} free`}
      />
    </dl>
  );
}

/** Amber above nine tenths, except where being full is no trouble: a busy processor is what it is for. */
function Meter({
  name,
  share,
  text,
  title,
  mayBeFull = false,
}: {
  name: string;
  share: number;
  text: ReactNode;
  title: string;
  mayBeFull?: boolean;
}) {
  return (
    <div className={styles.meter} title={title} data-tight={(share > 0.9 && !mayBeFull) || undefined}>
      <dt>{name}</dt>
      <dd>
        <span className={styles.bar} aria-hidden>
          <span style={{ width: `${Math.min(100, Math.max(0, share * 100))}%` }} />
        </span>
        {text}
      </dd>
    </div>
  );
}

function EngineState() {
  const status = useEngineLink((link) => link.status);
  const { data: info } = useQuery({ queryKey: ['engine'], queryFn: () => engine.system.info({}) });
  const words = status === 'open' ? 'Engine on' : status === 'connecting' ? 'Connecting' : 'Engine away';
  const title =
    info === undefined ? undefined : `Benchtop ${info.version}, process ${info.pid}, home ${info.home}`;
  return (
    <div className={styles.engine} data-status={status} title={title}>
      <span className={styles.dot} aria-hidden />
      {typeof info?.readOnlyReason === 'string' && status === 'open' ? 'Read only' : words}
    </div>
  );
}
