import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { DataMoment, DataSet } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useProjects } from '../../app/use-projects.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { AddMonitorDialog } from '../monitoring/index.ts';
import { CheckoutForm } from './checkout-form.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import styles from './data.module.css';
import { shownPath } from './data-texts.ts';
import { LineageTable } from './lineage-table.tsx';
import { RecordingNotice } from './recording-notice.tsx';
import { Timeline } from './timeline.tsx';
import { useRecording } from './use-recording.ts';
import { VersionDelta } from './version-delta.tsx';
import { VersionTables } from './version-tables.tsx';

/** One data set: its timeline, two versions beside each other, what is in one, and where it came from and went. */
export default function DataSetPage({ projectId, dataSetId }: { projectId: string; dataSetId: string }) {
  const { data: projects } = useProjects();
  const projectPath = projects?.find(({ id }) => id === projectId)?.path;
  const { data, error, refetch } = useQuery({
    queryKey: ['data', 'log', dataSetId],
    queryFn: () => engine.data.log({ dataSetId: Number(dataSetId) }),
  });
  const { recording, record, cancel } = useRecording();
  const [isAdding, setAdding] = useState(false);
  const name = data === undefined ? 'Data set' : shownPath(data.dataSet.path, projectPath);
  return (
    <PageFrame
      name={name}
      beside={
        data === undefined ? null : (
          <span>
            {formatCount(data.dataSet.momentCount)} {data.dataSet.momentCount === 1 ? 'version' : 'versions'}
          </span>
        )
      }
      actions={
        data === undefined ? null : (
          <>
            <Link href={`/projects/${projectId}/data`} className={styles.all}>
              All data
            </Link>
            <Button onClick={() => setAdding(true)}>Watch for drift</Button>
            <Button disabled={recording.kind === 'going'} onClick={() => void record(data.dataSet.path)}>
              Record what it holds now
            </Button>
          </>
        )
      }
    >
      {isAdding && data !== undefined ? (
        <AddMonitorDialog projectId={projectId} source={name} onClose={() => setAdding(false)} />
      ) : null}
      <RecordingNotice recording={recording} onCancel={cancel} />
      {data === undefined ? (
        error === null ? (
          <Pending what="the versions" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <Shown dataSet={data.dataSet} moments={data.moments} projectId={projectId} />
      )}
    </PageFrame>
  );
}

function Shown({
  dataSet,
  moments,
  projectId,
}: {
  dataSet: DataSet;
  moments: readonly DataMoment[];
  projectId: string;
}) {
  // The places of the two in the timeline, counted from its beginning, so that a new version moves neither.
  const last = moments.length - 1;
  const [chosen, choose] = useState<{ before: number | null; after: number | null }>({
    before: null,
    after: null,
  });
  const after = moments[last - (chosen.after ?? last)] ?? moments[0];
  const before = moments[last - (chosen.before ?? Math.max(0, (chosen.after ?? last) - 1))] ?? moments[0];
  if (after === undefined || before === undefined) return null;
  return (
    <ScrollRegion label="Versions">
      <Timeline
        moments={moments}
        before={before}
        after={after}
        projectId={projectId}
        onBefore={(at) => choose({ before: last - at, after: chosen.after })}
        onAfter={(at) => choose({ before: chosen.before, after: last - at })}
      />
      {before.version === after.version ? null : (
        <VersionDelta
          key={`${before.version} ${after.version}`}
          before={before.version}
          after={after.version}
        />
      )}
      <VersionTables
        key={after.version}
        version={after.version}
        before={before.version === after.version ? null : before.version}
      />
      <section aria-labelledby="lineage">
        <h2 id="lineage" className={tables.heading}>
          Where it came from and where it went
        </h2>
        <LineageTable start={{ version: after.version }} projectId={projectId} />
      </section>
      <CheckoutForm version={after.version} path={dataSet.path} />
    </ScrollRegion>
  );
}
