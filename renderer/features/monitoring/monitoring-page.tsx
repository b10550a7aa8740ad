import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { Monitor } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { showUndo } from '../../app/show-undo.tsx';
import { useChange } from '../../app/use-change.ts';
import { useProjects } from '../../app/use-projects.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatExactTime } from '../../ui/format-time.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { actions, numbers, rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { AddMonitorDialog } from './add-monitor-dialog.tsx';
import { ChunkStrip } from './chunk-strip.tsx';
import { monitorText, scheduleWords } from './monitor-texts.ts';
import { sampleMonitors } from './sample-monitors.ts';
import { StateMark } from './state-mark.tsx';
import { monitorsKey, useMonitors } from './use-monitors.ts';
import { WatchSampleModel } from './watch-sample-model.tsx';

/** The monitors of a project: how each stands, what it found, when it runs next. */
export default function MonitoringPage({ projectId }: { projectId: string }) {
  const { data, error, refetch } = useMonitors(projectId);
  const [isAdding, setAdding] = useState(false);
  const { data: projects = [] } = useProjects();
  const isSample = projects.find(({ id }) => id === projectId)?.isSample ?? false;
  return (
    <PageFrame
      name="Monitoring"
      beside={
        data === undefined || data.length === 0 ? null : (
          <span role="status">
            {data.length} {data.length === 1 ? 'monitor' : 'monitors'}
          </span>
        )
      }
      actions={
        data === undefined ? null : (
          <>
            {isSample ? <WatchSampleModel projectId={projectId} monitors={data} /> : null}
            {data.length === 0 ? null : <Button onClick={() => setAdding(true)}>Add a monitor</Button>}
          </>
        )
      }
    >
      {error !== null ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Pending what="the monitors" />
      ) : data.length === 0 ? (
        <NoMonitors projectId={projectId} isSample={isSample} onAdd={() => setAdding(true)} />
      ) : (
        <ScrollRegion label="Monitors">
          <MonitorTable monitors={data} projectId={projectId} />
        </ScrollRegion>
      )}
      {isAdding ? <AddMonitorDialog projectId={projectId} onClose={() => setAdding(false)} /> : null}
    </PageFrame>
  );
}

function NoMonitors({
  projectId,
  isSample,
  onAdd,
}: {
  projectId: string;
  isSample: boolean;
  onAdd: () => void;
}) {
  const [, navigate] = useLocation();
  const addSample = useChange(monitorsKey, async () => {
    const added: Monitor[] = [];
    for (const settings of sampleMonitors)
      added.push(await engine.monitoring.add({ projectId, ...settings }));
    const [first] = added;
    if (first !== undefined) navigate(`/projects/${projectId}/monitoring/${first.id}`);
    for (const { id: monitorId } of added)
      for await (const event of engine.monitoring.run({ monitorId })) if (event.kind === 'done') break;
  });
  return (
    <EmptyState
      title="Nothing is monitored"
      actions={
        <>
          {isSample ? (
            <Button
              variant="filled"
              loading={addSample.isPending}
              onClick={() => addSample.mutate(undefined)}
            >
              Watch the sample’s flights and weather
            </Button>
          ) : null}
          <Button variant={isSample ? 'default' : 'filled'} onClick={onAdd}>
            Add a monitor
          </Button>
        </>
      }
    >
      <p>
        A monitor holds what comes, file by file or month by month, against a reference such as the data that
        a model was trained on. It tells which columns drift, and by how much, and opens one incident while
        that lasts.
      </p>
      {isSample ? <p>In the sample each month of 2013 can be held against the whole year.</p> : null}
    </EmptyState>
  );
}

function MonitorTable({ monitors, projectId }: { monitors: readonly Monitor[]; projectId: string }) {
  const remove = useChange(monitorsKey, async ({ id: monitorId, name }: Monitor) => {
    await engine.monitoring.remove({ monitorId });
    showUndo(`${name} is removed.`, monitorsKey, () => engine.monitoring.restore({ monitorId }));
  });
  return (
    <table className={tables.table}>
      <TableHead
        columns={[
          'State',
          'Monitor',
          'Latest chunks',
          ...numbers('Alarmed'),
          rest('Gravest'),
          'Last run',
          'Runs',
          actions,
        ]}
      />
      <tbody>
        {monitors.map((monitor) => (
          <tr key={monitor.id}>
            <td>
              <StateMark monitor={monitor} />
            </td>
            <th scope="row">
              <Link href={`/projects/${projectId}/monitoring/${monitor.id}`} title={monitorText(monitor)}>
                {monitor.name}
              </Link>
            </th>
            <td>
              <ChunkStrip chunks={monitor.recent} />
            </td>
            <td className={tables.number}>
              {monitor.chunkCount === 0 ? '–' : `${monitor.alarmedCount} of ${monitor.chunkCount}`}
            </td>
            <td className={tables.wrap}>{monitor.openIncident?.about ?? ''}</td>
            <td>{monitor.lastRun === null ? 'never' : <RelativeTime at={monitor.lastRun.at} />}</td>
            <td>
              {monitor.nextAt === null ? (
                scheduleWords(monitor)
              ) : (
                <time dateTime={new Date(monitor.nextAt).toISOString()} title={scheduleWords(monitor)}>
                  {formatExactTime(monitor.nextAt)}
                </time>
              )}
            </td>
            <td className={tables.actions}>
              <Button aria-label={`Remove ${monitor.name}`} onClick={() => remove.mutate(monitor)}>
                Remove
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
