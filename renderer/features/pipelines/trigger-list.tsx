import { Button, Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Trigger, TriggerEvent } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { useChange } from '../../app/use-change.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatExactTime } from '../../ui/format-time.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { actions, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './execution-list.module.css';
import { TriggerDialog } from './trigger-dialog.tsx';
import { conditionText, manners } from './trigger-text.ts';

/** Triggers are read below it: what runs starts them, and they start what runs. */
const executionsKey = ['executions'];

/** What starts the pipeline by itself: what each waits for, when it comes next, and what it did. */
export function TriggerList({ projectId }: { projectId: string }) {
  const triggers = useQuery({
    queryKey: [...executionsKey, projectId, 'triggers'],
    queryFn: () => engine.pipelines.triggers({ projectId }),
    staleTime: 0,
    refetchOnWindowFocus: 'always',
  });
  const [edited, edit] = useState<Trigger | 'new' | null>(null);
  const add = (
    <Button variant="filled" onClick={() => edit('new')}>
      Add a trigger
    </Button>
  );
  return (
    <ScrollRegion label="Triggers">
      {triggers.error !== null ? (
        <ErrorNotice error={triggers.error} onRetry={() => void triggers.refetch()} />
      ) : triggers.data === undefined ? (
        <Pending what="the triggers" />
      ) : triggers.data.length === 0 ? (
        <EmptyState title="Nothing starts this pipeline by itself" actions={add}>
          <p>
            A trigger starts it at times, when a file or folder has changed, when a data set has a new
            version, or when another pipeline has ended. Times that pass while the laptop sleeps are made up
            for once.
          </p>
        </EmptyState>
      ) : (
        <>
          <div className={styles.actions}>{add}</div>
          <TriggerTable triggers={triggers.data} projectId={projectId} onEdit={edit} />
          <TriggerHistory projectId={projectId} triggers={triggers.data} />
        </>
      )}
      {edited === null ? null : (
        <TriggerDialog
          projectId={projectId}
          trigger={edited === 'new' ? null : edited}
          onClose={() => edit(null)}
        />
      )}
    </ScrollRegion>
  );
}

function TriggerTable({
  triggers,
  projectId,
  onEdit,
}: {
  triggers: readonly Trigger[];
  projectId: string;
  onEdit: (trigger: Trigger) => void;
}) {
  const fire = useChange(executionsKey, (triggerId: string) => engine.pipelines.fireTrigger({ triggerId }));
  const remove = useChange(executionsKey, async ({ id: triggerId, name }: Trigger) => {
    await engine.pipelines.removeTrigger({ triggerId });
    showUndo(`${name} is removed.`, executionsKey, () => engine.pipelines.restoreTrigger({ triggerId }));
  });
  const enable = useChange(executionsKey, (trigger: Trigger) =>
    engine.pipelines.changeTrigger({ triggerId: trigger.id, change: { isEnabled: !trigger.isEnabled } }),
  );
  return (
    <table className={tables.table}>
      <TableHead columns={['On', 'Trigger', 'Starts', 'Next', 'Last start', actions]} />
      <tbody>
        {triggers.map((trigger) => (
          <tr key={trigger.id}>
            <td>
              <Checkbox
                size="xs"
                aria-label={`${trigger.name} is on`}
                checked={trigger.isEnabled}
                onChange={() => enable.mutate(trigger)}
              />
            </td>
            <th scope="row">{trigger.name}</th>
            <td className={tables.wrap}>
              {[conditionText(trigger), manners(trigger)].filter((part) => part !== '').join(' · ')}
            </td>
            <td>
              <NextTime trigger={trigger} />
            </td>
            <td>
              {trigger.lastStart === null ? (
                'never'
              ) : (
                <Link href={`/projects/${projectId}/pipelines/executions/${trigger.lastStart.executionId}`}>
                  <RelativeTime at={trigger.lastStart.at} />
                </Link>
              )}
            </td>
            <td className={tables.actions}>
              <Button aria-label={`Run now: ${trigger.name}`} onClick={() => fire.mutate(trigger.id)}>
                Run now
              </Button>
              <Button aria-label={`Edit ${trigger.name}`} onClick={() => onEdit(trigger)}>
                Edit…
              </Button>
              <Button aria-label={`Remove ${trigger.name}`} onClick={() => remove.mutate(trigger)}>
                Remove
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NextTime({ trigger: { waiting, nextAt, problem } }: { trigger: Trigger }) {
  if (problem !== null) return <span className={styles.problem}>{problem}</span>;
  if (waiting !== null) return <span title={waiting.cause}>waits: {waiting.why}</span>;
  if (nextAt === null) return '–';
  return <time dateTime={new Date(nextAt).toISOString()}>{formatExactTime(nextAt)}</time>;
}

function TriggerHistory({ projectId, triggers }: { projectId: string; triggers: readonly Trigger[] }) {
  const { data, error } = useQuery({
    queryKey: [...executionsKey, projectId, 'trigger-events'],
    queryFn: () => engine.pipelines.triggerEvents({ projectId }),
    staleTime: 0,
  });
  const names = new Map(triggers.map(({ id, name }) => [id, name]));
  return (
    <section aria-labelledby="trigger-history">
      <h2 id="trigger-history" className={tables.heading}>
        What they did
      </h2>
      {error === null ? null : <ErrorNotice error={error} />}
      {data?.length === 0 ? <p className={tables.quiet}>Nothing yet.</p> : null}
      {data === undefined || data.length === 0 ? null : (
        <table className={tables.table}>
          <TableHead columns={['When', 'Trigger', 'Outcome', 'Cause']} />
          <tbody>
            {data.map((event) => (
              <tr key={event.id}>
                <td>
                  <RelativeTime at={event.at} />
                </td>
                <th scope="row">{names.get(event.triggerId)}</th>
                <td>
                  <Outcome event={event} projectId={projectId} />
                </td>
                <td className={tables.wrap}>
                  {[event.cause, event.note].filter((part) => part !== null).join(' · ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Outcome({ event, projectId }: { event: TriggerEvent; projectId: string }) {
  const { outcome, executionId } = event;
  if (executionId !== null)
    return <Link href={`/projects/${projectId}/pipelines/executions/${executionId}`}>{outcome}</Link>;
  return (
    <span className={outcome === 'failed' || outcome === 'missed' ? styles.problem : undefined}>
      {outcome}
    </span>
  );
}
