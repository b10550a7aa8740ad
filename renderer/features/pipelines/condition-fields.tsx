import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { errorShapeOf, type TriggerCondition } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useProjects } from '../../app/use-projects.ts';
import { formatExactTime } from '../../ui/format-time.ts';
import styles from './trigger-dialog.module.css';

const secondMs = 1000;
const endings = [
  { value: 'finished', label: 'finished' },
  { value: 'failed', label: 'failed' },
  { value: 'any', label: 'ended, however' },
] as const;

/** A condition of a kind, to be filled in. */
export function newCondition(kind: TriggerCondition['kind']): TriggerCondition {
  if (kind === 'time') return { kind, cron: '0 3 * * *' };
  if (kind === 'files') return { kind, path: 'data', quietMs: 10_000 };
  if (kind === 'data') return { kind, path: 'data' };
  if (kind === 'monitor') return { kind, monitorId: '' };
  return { kind, projectId: '', status: 'finished' };
}

/** The fields of what a trigger waits for. */
export function ConditionFields({
  condition,
  timeZone,
  projectId,
  onCondition,
  onTimeZone,
}: {
  condition: TriggerCondition;
  timeZone: string;
  projectId: string;
  onCondition: (condition: TriggerCondition) => void;
  onTimeZone: (timeZone: string) => void;
}) {
  const { data: projects = [] } = useProjects();
  if (condition.kind === 'time')
    return (
      <>
        <div className={styles.pair}>
          <TextInput
            label="Minute, hour, day, month, weekday"
            value={condition.cron}
            spellCheck={false}
            onChange={(event) => onCondition({ kind: 'time', cron: event.currentTarget.value })}
          />
          <TextInput
            label="Time zone"
            value={timeZone}
            spellCheck={false}
            onChange={(event) => onTimeZone(event.currentTarget.value)}
          />
        </div>
        <NextTimes cron={condition.cron} timeZone={timeZone} />
      </>
    );
  if (condition.kind === 'pipeline')
    return (
      <div className={styles.pair}>
        <NativeSelect
          size="xs"
          label="Of"
          data={[
            { value: '', label: 'Choose a project' },
            ...projects
              .filter(({ id }) => id !== projectId)
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={condition.projectId}
          onChange={(event) => onCondition({ ...condition, projectId: event.currentTarget.value })}
        />
        <NativeSelect
          size="xs"
          label="And has"
          data={[...endings]}
          value={condition.status}
          onChange={(event) =>
            onCondition({ ...condition, status: event.currentTarget.value as typeof condition.status })
          }
        />
      </div>
    );
  if (condition.kind === 'monitor') return <MonitorField condition={condition} onCondition={onCondition} />;
  return (
    <>
      <TextInput
        label="File or folder, below the project"
        value={condition.path}
        spellCheck={false}
        onChange={(event) => onCondition({ ...condition, path: event.currentTarget.value })}
      />
      {condition.kind === 'files' ? (
        <NumberInput
          size="xs"
          label="Once nothing has changed for so many seconds"
          min={1}
          max={86_400}
          value={Math.round(condition.quietMs / secondMs)}
          onChange={(value) =>
            onCondition({ ...condition, quietMs: Math.max(1, Math.round(Number(value))) * secondMs })
          }
        />
      ) : null}
    </>
  );
}

function MonitorField({
  condition,
  onCondition,
}: {
  condition: Extract<TriggerCondition, { kind: 'monitor' }>;
  onCondition: (condition: TriggerCondition) => void;
}) {
  const { data: monitors = [] } = useQuery({
    queryKey: ['monitors', 'all'],
    queryFn: () => engine.monitoring.monitors({}),
  });
  return (
    <NativeSelect
      size="xs"
      label="Monitor"
      description="Once for each incident, however many chunks it lasts."
      data={[
        { value: '', label: 'Choose a monitor' },
        ...monitors.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      value={condition.monitorId}
      onChange={(event) => onCondition({ kind: 'monitor', monitorId: event.currentTarget.value })}
    />
  );
}

/** The next five times of a schedule, as it is typed, or why it is none. */
function NextTimes({ cron, timeZone }: { cron: string; timeZone: string }) {
  const { data, error } = useQuery({
    queryKey: ['trigger-times', cron, timeZone],
    queryFn: () => engine.pipelines.triggerTimes({ cron, timeZone }),
    staleTime: 0,
    retry: false,
  });
  if (error !== null)
    return <p className={styles.problem}>{errorShapeOf(error).evidence ?? error.message}</p>;
  return (
    <ol className={styles.times} aria-label="Next times">
      {data?.times.map((at) => (
        <li key={at}>{formatExactTime(at)}</li>
      ))}
    </ol>
  );
}
