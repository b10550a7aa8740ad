import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TableProfile } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount, formatNumber } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import tables from '../../ui/table.module.css';
import styles from './data.module.css';

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
        <Profile profile={profile.data} />
      )}
    </section>
  );
}

function Profile({ profile: { rowCount, columnCount, columns } }: { profile: TableProfile }) {
  const share = (count: number) =>
    rowCount === 0 || count === 0
      ? '0'
      : `${formatCount(count)} (${formatNumber((100 * count) / rowCount)} %)`;
  return (
    <>
      <p className={styles.counts}>
        {formatCount(rowCount)} rows, {formatCount(columnCount)} columns
        {columns.length < columnCount ? `, the first ${formatCount(columns.length)} of them summed up` : ''}.
        Distinct values and quantiles are estimates.
      </p>
      <div className={tables.sideways} tabIndex={0} role="region" aria-label="Columns summed up">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Type</th>
              <th scope="col" className={tables.number}>
                Empty
              </th>
              <th scope="col" className={tables.number}>
                Distinct
              </th>
              <th scope="col" className={tables.number}>
                Least
              </th>
              <th scope="col" className={tables.number}>
                Median
              </th>
              <th scope="col" className={tables.number}>
                Mean
              </th>
              <th scope="col" className={tables.number}>
                Greatest
              </th>
              <th scope="col">Most frequent</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <th scope="row">{column.name}</th>
                <td>{column.type.toLowerCase()}</td>
                <td className={tables.number}>
                  {share(column.nullCount)}
                  {column.nanCount === 0 ? '' : `, ${formatCount(column.nanCount)} NaN`}
                </td>
                <td className={tables.number}>{formatCount(column.distinctCount)}</td>
                <td className={tables.number} title={column.min ?? undefined}>
                  {cut(column.min)}
                </td>
                <td className={tables.number}>{numberText(column.quantiles?.[2])}</td>
                <td className={tables.number} title={column.mean === null ? undefined : String(column.mean)}>
                  {numberText(column.mean)}
                </td>
                <td className={tables.number} title={column.max ?? undefined}>
                  {cut(column.max)}
                </td>
                <td>
                  {column.top
                    .slice(0, 3)
                    .map(({ value, count }) => `${cut(value)} (${formatCount(count)})`)
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const cut = (text: string | null): string =>
  text === null ? '' : text.length > 24 ? `${text.slice(0, 23)}…` : text;
const numberText = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : formatNumber(value);
