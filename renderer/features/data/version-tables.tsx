import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import tables from '../../ui/table.module.css';
import styles from './data.module.css';
import { ProfileView } from './profile-view.tsx';

const tableName = /\.((csv|tsv)(\.gz)?|parquet|pq)$/i;
/** More files than this are not looked through for tables. */
const filesAtMost = 10_000;

/** The tables of a version, one at a time, each column summed up. Nothing where it has none. */
export function VersionTables({ version }: { version: string }) {
  const files = useQuery({
    queryKey: ['data', 'files', version],
    queryFn: () => engine.data.files({ version, limit: filesAtMost }),
    staleTime: Infinity,
  });
  const tableFiles =
    files.data?.entries.filter(({ path, kind }) => kind !== 'link' && tableName.test(path)) ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const path = chosen ?? tableFiles[0]?.path;
  const profile = useQuery({
    queryKey: ['data', 'profile', version, path],
    queryFn: ({ signal }) => engine.data.profile({ table: { version, path: path ?? '' } }, { signal }),
    enabled: path !== undefined,
    staleTime: Infinity,
    retry: false,
  });
  if (files.error !== null) return <ErrorNotice error={files.error} onRetry={() => void files.refetch()} />;
  if (path === undefined) return null;
  return (
    <section aria-labelledby="columns">
      <h2 id="columns" className={tables.heading}>
        Columns
      </h2>
      {tableFiles.length === 1 ? null : (
        <div className={styles.choice}>
          <label>
            of{' '}
            <select value={path} onChange={(event) => choose(event.currentTarget.value)}>
              {tableFiles.map((table) => (
                <option key={table.path}>{table.path}</option>
              ))}
            </select>
          </label>
        </div>
      )}
      {profile.error !== null ? (
        <ErrorNotice error={profile.error} onRetry={() => void profile.refetch()} />
      ) : profile.data === undefined ? (
        <Pending what="the table" />
      ) : (
        <ProfileView profile={profile.data} />
      )}
    </section>
  );
}
