import { ActionIcon } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconGripVertical,
  IconPlayerPause,
  IconPlayerPlay,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { Job } from '../../../contract/index.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { EtaText } from '../../ui/eta-text.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import tables from '../../ui/table.module.css';
import styles from './queue-page.module.css';

/** One job. `place` is where it waits, from 1; null for one that runs. */
export function QueueRow({
  job,
  place,
  isLast,
  isDragged,
  onDrag,
  onDrop,
  onEarlier,
  onLater,
  onPause,
  onCancel,
}: {
  job: Job;
  place: number | null;
  isLast: boolean;
  isDragged: boolean;
  onDrag: (isDragged: boolean) => void;
  onDrop: () => void;
  onEarlier: () => void;
  onLater: () => void;
  onPause: () => void;
  onCancel: () => void;
}) {
  const path = job.projectId === null ? `/runs/${job.runId}` : `/projects/${job.projectId}/runs/${job.runId}`;
  return (
    <tr
      className={styles.row}
      draggable={place !== null}
      data-dragged={isDragged || undefined}
      onDragStart={() => onDrag(true)}
      onDragEnd={() => onDrag(false)}
      onDragOver={(event) => {
        if (place !== null) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        onDrop();
      }}
    >
      <td className={styles.place}>
        {place === null ? null : (
          <>
            <IconGripVertical size={14} stroke={1.5} aria-hidden /> {place}
          </>
        )}
      </td>
      <td className={styles.state}>
        <StatusMark status={job.isPaused ? 'paused' : job.status} />
        {job.waitsFor === null ? null : (
          <span className={styles.quiet}>
            {job.priority === 'normal' ? null : `${job.priority} priority · `}
            waits for {job.waitsFor}
          </span>
        )}
      </td>
      <th scope="row" className={`${tables.rest} ${styles.name}`}>
        <Link href={path}>{job.name}</Link>
      </th>
      <td>
        {job.startedAt === null ? (
          '–'
        ) : (
          <ElapsedTime startedAt={job.startedAt} endedAt={null} gaps={job.gaps} />
        )}
      </td>
      <td>{job.progress === null ? '–' : `${Math.round(job.progress * 100)} %`}</td>
      <td>
        <EtaText job={job} none="–" />
      </td>
      <td>{job.needs.memoryBytes === null ? '–' : formatBytes(job.needs.memoryBytes)}</td>
      <td>{job.gpus.length === 0 ? '–' : job.gpus.join(', ')}</td>
      <td className={tables.actions}>
        {place === null ? (
          <Action name={job.isPaused ? `Let ${job.name} go on` : `Pause ${job.name}`} onClick={onPause}>
            {job.isPaused ? (
              <IconPlayerPlay size={16} stroke={1.5} />
            ) : (
              <IconPlayerPause size={16} stroke={1.5} />
            )}
          </Action>
        ) : (
          <>
            <Action name={`Move ${job.name} up`} isDisabled={place === 1} onClick={onEarlier}>
              <IconArrowUp size={16} stroke={1.5} />
            </Action>
            <Action name={`Move ${job.name} down`} isDisabled={isLast} onClick={onLater}>
              <IconArrowDown size={16} stroke={1.5} />
            </Action>
          </>
        )}
        <Action name={`Cancel ${job.name}`} onClick={onCancel}>
          <IconX size={16} stroke={1.5} />
        </Action>
      </td>
    </tr>
  );
}

function Action({
  name,
  isDisabled = false,
  onClick,
  children,
}: {
  name: string;
  isDisabled?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <ActionIcon variant="subtle" aria-label={name} title={name} disabled={isDisabled} onClick={onClick}>
      {children}
    </ActionIcon>
  );
}
