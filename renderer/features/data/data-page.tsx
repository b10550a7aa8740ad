import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { DataSet, Finding } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useProjects } from '../../app/use-projects.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { actions, numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './data.module.css';
import { absolutePath, contentText, shortVersion, shownPath } from './data-texts.ts';
import { RecordingNotice } from './recording-notice.tsx';
import { useRecording } from './use-recording.ts';

/** A project's data: what has versions, and the data files in its folder that have none yet. */
export default function DataPage({ projectId }: { projectId: string }) {
  const { data: projects } = useProjects();
  const projectPath = projects?.find(({ id }) => id === projectId)?.path;
  const sets = useQuery({
    queryKey: ['data', 'sets', projectId],
    queryFn: () => engine.data.sets({ projectId }),
  });
  const findings = useQuery({
    queryKey: ['findings', projectId],
    queryFn: () => engine.projects.findings({ projectId }),
    staleTime: 30_000,
  });
  const { recording, record, cancel } = useRecording();
  const error = sets.error ?? findings.error;
  const retry = () => void Promise.all([sets.refetch(), findings.refetch()]);
  const recordPath = (typed: string) => void record(absolutePath(typed, projectPath ?? ''));
  const recorded = sets.data?.map(({ path }) => shownPath(path, projectPath)) ?? [];
  const files = findings.data?.filter(
    ({ kind, path }) =>
      kind === 'data' && !recorded.some((known) => path === known || path.startsWith(`${known}/`)),
  );
  return (
    <PageFrame
      name="Data"
      actions={
        projectPath === undefined ? null : (
          <RecordForm isGoing={recording.kind === 'going'} onRecord={recordPath} />
        )
      }
    >
      <RecordingNotice recording={recording} onCancel={cancel} />
      {error !== null ? (
        <ErrorNotice error={error} onRetry={retry} />
      ) : sets.data === undefined || files === undefined ? (
        <Pending what="the folder" />
      ) : sets.data.length === 0 && files.length === 0 ? (
        <EmptyState title="No data in this folder yet">
          <p>
            Looked through the project’s folder for tables such as CSV, TSV and Parquet. Runs record what they
            read by themselves; <code>benchtop data snapshot PATH</code> records any file or folder.
          </p>
        </EmptyState>
      ) : (
        <ScrollRegion label="Data">
          <DataSets sets={sets.data} projectId={projectId} projectPath={projectPath} />
          <UnrecordedFiles files={files} onRecord={recordPath} />
          <p className={tables.about}>
            Versions are kept in Benchtop’s own folder, each content once. Your files are read in place and
            never changed, and none of it leaves this machine.
          </p>
        </ScrollRegion>
      )}
    </PageFrame>
  );
}

function RecordForm({ isGoing, onRecord }: { isGoing: boolean; onRecord: (path: string) => void }) {
  const [path, setPath] = useState('');
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '') onRecord(path.trim());
      }}
    >
      <TextInput
        aria-label="File or folder to record"
        placeholder="data/ or /path/to/file.csv"
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
      />
      <Button type="submit" disabled={path.trim() === '' || isGoing}>
        Record
      </Button>
    </form>
  );
}

function DataSets({
  sets,
  projectId,
  projectPath,
}: {
  sets: readonly DataSet[];
  projectId: string;
  projectPath: string | undefined;
}) {
  if (sets.length === 0) return null;
  return (
    <section aria-labelledby="data-sets">
      <h2 id="data-sets" className={tables.heading}>
        With versions
      </h2>
      <table className={tables.table}>
        <TableHead columns={['Data set', ...numbers('Versions'), 'Holds', 'Last seen', 'Version']} />
        <tbody>
          {sets.map(({ id, path, momentCount, latest }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={`/projects/${projectId}/data/${id}`}>{shownPath(path, projectPath)}</Link>
              </th>
              <td className={tables.number}>{formatCount(momentCount)}</td>
              <td>
                {contentText(latest)}
                {latest.problemCount === 0 ? null : `, ${formatCount(latest.problemCount)} left out`}
              </td>
              <td>
                <RelativeTime at={latest.seenAt} />
              </td>
              <td>
                <code>{shortVersion(latest.version)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function UnrecordedFiles({
  files,
  onRecord,
}: {
  files: readonly Finding[];
  onRecord: (path: string) => void;
}) {
  if (files.length === 0) return null;
  return (
    <section aria-labelledby="unrecorded">
      <h2 id="unrecorded" className={tables.heading}>
        In the folder, not recorded yet
      </h2>
      <table className={tables.table}>
        <TableHead columns={['File', 'What it is', actions]} />
        <tbody>
          {files.map(({ path, detail }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{detail}</td>
              <td className={tables.actions}>
                <Button aria-label={`Record ${path}`} onClick={() => onRecord(path)}>
                  Record
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
