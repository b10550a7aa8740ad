import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DataDelta } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './data.module.css';
import { TableDeltaView } from './table-delta-view.tsx';

const filesShown = 50;

/** What differs between two versions: files, bytes, and the rows of one table at a time. */
export function VersionDelta({ before, after }: { before: string; after: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['data', 'delta', before, after],
    queryFn: () => engine.data.compare({ before, after }),
    staleTime: Infinity,
  });
  return (
    <section aria-labelledby="difference">
      <h2 id="difference" className={tables.heading}>
        Difference
      </h2>
      {data === undefined ? (
        error === null ? (
          <Pending what="both versions" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <Shown delta={data} />
      )}
    </section>
  );
}

function Shown({ delta }: { delta: DataDelta }) {
  const { counts, bytes, chunks } = delta;
  const changedTables = delta.changed.filter(({ tableFormat }) => tableFormat !== null);
  const [chosen, choose] = useState<string | null>(null);
  const table = chosen ?? changedTables[0]?.path;
  return (
    <>
      <p className={styles.counts}>
        {formatCount(counts.added)} added, {formatCount(counts.removed)} removed,{' '}
        {formatCount(counts.changed)} changed, {formatCount(counts.renamed)} renamed,{' '}
        {formatCount(counts.same)} the same. Only in the later one: {formatBytes(bytes.added)}; only in the
        earlier: {formatBytes(bytes.removed)}.
        {chunks === null
          ? ''
          : ` In pieces: ${formatCount(chunks.added)} new of ${formatBytes(chunks.addedBytes)}, ${formatCount(chunks.shared)} shared.`}
      </p>
      {counts.added + counts.removed + counts.renamed === 0 && counts.changed === 1 ? null : (
        <Files delta={delta} />
      )}
      {table === undefined ? null : (
        <>
          <div className={styles.choice}>
            <label>
              Rows of{' '}
              <select value={table} onChange={(event) => choose(event.currentTarget.value)}>
                {changedTables.map(({ path }) => (
                  <option key={path}>{path}</option>
                ))}
              </select>
            </label>
          </div>
          <TableDeltaView
            key={table}
            before={delta.before.version}
            after={delta.after.version}
            path={table}
          />
        </>
      )}
    </>
  );
}

function Files({ delta: { added, removed, changed, renamed, counts } }: { delta: DataDelta }) {
  const rows = [
    ...added.map(({ path, sizeBytes }) => ({ word: 'added', path, from: null, to: sizeBytes.after })),
    ...removed.map(({ path, sizeBytes }) => ({ word: 'removed', path, from: sizeBytes.before, to: null })),
    ...changed.map(({ path, sizeBytes }) => ({
      word: 'changed',
      path,
      from: sizeBytes.before,
      to: sizeBytes.after,
    })),
    ...renamed.map(({ from, to, sizeBytes }) => ({
      word: 'renamed',
      path: `${from} → ${to}`,
      from: sizeBytes,
      to: sizeBytes,
    })),
  ];
  const total = counts.added + counts.removed + counts.changed + counts.renamed;
  return (
    <div className={tables.sideways} tabIndex={0} role="region" aria-label="Files that differ">
      <table className={tables.table}>
        <TableHead columns={['File', 'What', ...numbers('Before', 'After')]} />
        <tbody>
          {rows.slice(0, filesShown).map(({ word, path, from, to }) => (
            <tr key={`${word} ${path}`}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{word}</td>
              <td className={tables.number}>{from === null ? '' : formatBytes(from)}</td>
              <td className={tables.number}>{to === null ? '' : formatBytes(to)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > filesShown ? (
        <p className={tables.about}>
          First {filesShown} of {formatCount(total)}; <code>benchtop data diff</code> with <code>--json</code>{' '}
          lists up to 1,000 of each.
        </p>
      ) : null}
    </div>
  );
}
