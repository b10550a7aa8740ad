import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TableDelta } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './data.module.css';

/** Stands for what is not the name of a column. */
const auto = '\u0000auto';
const content = '\u0000content';

/** What differs by rows between two versions of a table. */
export function TableDeltaView({ before, after, path }: { before: string; after: string; path: string }) {
  const [key, setKey] = useState(auto);
  const { data, error, refetch } = useQuery({
    queryKey: ['data', 'rows', before, after, path, key],
    queryFn: ({ signal }) =>
      engine.data.compareTables(
        {
          before,
          after,
          path,
          ...(key === auto ? {} : { key: key === content ? ('content' as const) : [key] }),
        },
        { signal },
      ),
    staleTime: Infinity,
    // Columns stay in place while another key is tried.
    placeholderData: (known) => known,
    retry: false,
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="the rows" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  return (
    <>
      <div className={styles.choice}>
        <label>
          A row is the same row by{' '}
          <select value={key} onChange={(event) => setKey(event.currentTarget.value)}>
            <option value={auto}>
              {data.key?.isFound === true
                ? `${data.key.columns.join(', ')} (found)`
                : key === auto
                  ? 'its whole content (no key was found)'
                  : 'what is found'}
            </option>
            <option value={content}>its whole content, whatever is found</option>
            {data.columns.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error === null ? null : <ErrorNotice error={error} />}
      <Shown delta={data} />
    </>
  );
}

function Shown({ delta }: { delta: TableDelta }) {
  const { rows, schema, changedCells, columns, samples } = delta;
  const shown = samples.added.length + samples.removed.length + samples.changed.length;
  const total = rows.added + rows.removed + (rows.changed ?? 0);
  return (
    <>
      <p className={styles.counts} role="status">
        {formatCount(rows.before)} → {formatCount(rows.after)} rows: {formatCount(rows.added)} added,{' '}
        {formatCount(rows.removed)} removed
        {rows.changed === null ? '' : `, ${formatCount(rows.changed)} changed`}.
        {changedCells.length === 0
          ? ''
          : ` Changed in ${changedCells.map(({ name, count }) => `${name} (${formatCount(count)})`).join(', ')}.`}
      </p>
      <Schema schema={schema} />
      {shown === 0 ? null : (
        <div className={tables.sideways} tabIndex={0} role="region" aria-label="Rows that differ">
          <table className={tables.table}>
            <TableHead columns={['Row', ...columns.map(({ name }) => name)]} />
            <tbody>
              {samples.changed.map(({ before, after }, row) => (
                <tr key={`changed ${row}`}>
                  <th scope="row">changed</th>
                  {after.map((cell, at) => (
                    <td key={columns[at]?.name}>
                      {cell === before[at] ? null : <del className={styles.was}>{before[at] ?? 'empty'}</del>}{' '}
                      {cell === before[at] ? cell : <ins>{cell ?? 'empty'}</ins>}
                    </td>
                  ))}
                </tr>
              ))}
              {(['added', 'removed'] as const).flatMap((kind) =>
                samples[kind].map(({ cells, times }, row) => (
                  <tr key={`${kind} ${row}`}>
                    <th scope="row">
                      {kind}
                      {times === 1 ? '' : ` ${formatCount(times)} times`}
                    </th>
                    {cells.map((cell, at) => (
                      <td key={columns[at]?.name}>{cell}</td>
                    ))}
                  </tr>
                )),
              )}
            </tbody>
          </table>
        </div>
      )}
      {total > shown ? (
        <p className={tables.about}>
          Showing {formatCount(shown)} of {formatCount(total)} rows that differ; the counts are of all.
        </p>
      ) : null}
    </>
  );
}

function Schema({ schema: { added, removed, changed, isReordered } }: { schema: TableDelta['schema'] }) {
  const sentences = [
    ...added.map(({ name, type }) => `New column ${name} (${type}).`),
    ...removed.map(({ name, type }) => `Column ${name} (${type}) is gone.`),
    ...changed.map(({ name, before, after }) => `${name} was ${before} and is ${after}.`),
    ...(isReordered ? ['The columns stand in another order.'] : []),
  ];
  return sentences.length === 0 ? null : <p className={styles.counts}>{sentences.join(' ')}</p>;
}
