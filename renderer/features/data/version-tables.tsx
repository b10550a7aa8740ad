import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProfileProgress } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import choices from '../../ui/choice-buttons.module.css';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import tables from '../../ui/table.module.css';
import { ProgressLine } from '../../ui/progress-line.tsx';
import styles from './data.module.css';
import { ProfileView } from './profile-view.tsx';
import { TableRows } from './table-rows.tsx';
import { VersionDrift } from './version-drift.tsx';

const tableName = /\.((csv|tsv|jsonl|ndjson)(\.gz)?|parquet|pq)$/i;
/** More files than this are not looked through for tables. */
const filesAtMost = 10_000;

type View = 'columns' | 'rows' | 'drift';
const viewNames = { columns: 'Columns', rows: 'Rows', drift: 'Drift' } as const satisfies Record<
  View,
  string
>;

/**
 * The tables of a version, one at a time: its columns summed up, its rows, and how they differ from those of another version. Nothing
 * where it has none.
 * @param before another version; null where there is none
 */
export function VersionTables({ version, before }: { version: string; before: string | null }) {
  const files = useQuery({
    queryKey: ['data', 'files', version],
    queryFn: () => engine.data.files({ version, limit: filesAtMost }),
    staleTime: Infinity,
  });
  const tableFiles =
    files.data?.entries.filter(({ path, kind }) => kind !== 'link' && tableName.test(path)) ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const [view, show] = useState<View>('columns');
  const path = chosen ?? tableFiles[0]?.path;
  if (files.error !== null) return <ErrorNotice error={files.error} onRetry={() => void files.refetch()} />;
  if (path === undefined) return null;
  const views = before === null ? (['columns', 'rows'] as const) : (['columns', 'rows', 'drift'] as const);
  return (
    <section aria-labelledby="table">
      <h2 id="table" className={tables.heading}>
        Table
      </h2>
      <div className={styles.choice}>
        {tableFiles.length === 1 ? (
          <code>{path}</code>
        ) : (
          <select
            aria-label="Table of the version"
            value={path}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            {tableFiles.map((table) => (
              <option key={table.path}>{table.path}</option>
            ))}
          </select>
        )}
        <span className={choices.choice} role="group" aria-label="What is shown of the table">
          {views.map((each) => (
            <button key={each} type="button" aria-pressed={view === each} onClick={() => show(each)}>
              {viewNames[each]}
            </button>
          ))}
        </span>
      </div>
      {view === 'columns' ? (
        <Columns key={path} version={version} path={path} />
      ) : view === 'rows' || before === null ? (
        <TableRows key={path} version={version} path={path} />
      ) : (
        <VersionDrift key={path} before={before} after={version} path={path} />
      )}
    </section>
  );
}

function Columns({ version, path }: { version: string; path: string }) {
  const queryKey = ['data', 'profile', version, path];
  const [isCancelled, setCancelled] = useState(false);
  const [progress, setProgress] = useState<ProfileProgress | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      setProgress(null);
      for await (const event of engine.data.profile({ table: { version, path } }, { signal })) {
        if (event.kind === 'done') return event.profile;
        setProgress(event);
      }
      throw new Error('The engine told no profile.');
    },
    staleTime: Infinity,
    retry: false,
    enabled: !isCancelled,
  });
  if (data !== undefined) return <ProfileView profile={data} />;
  if (isCancelled)
    return (
      <p className={styles.counts}>
        The columns were not summed up. <Button onClick={() => setCancelled(false)}>Sum them up</Button>
      </p>
    );
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {progress === null ? (
        <Pending what="the table" />
      ) : (
        <ProgressLine
          label="Summed up so far"
          share={progress.share}
          text={`${progress.what}: ${Math.floor(100 * progress.share)} %`}
        />
      )}
      <Button
        onClick={() => {
          setCancelled(true);
          void queryClient.cancelQueries({ queryKey });
        }}
      >
        Cancel
      </Button>
    </>
  );
}
