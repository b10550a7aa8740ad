import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import type { DriftColumn, DriftReport } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { DriftPictures } from '../../ui/drift-pictures.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount, formatNumber } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './profile.module.css';

/** A table of two versions laid over each other, column by column: what drifted, in words; the pictures of one that is opened. */
export function VersionDrift({ before, after, path }: { before: string; after: string; path: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['data', 'drift', before, after, path],
    queryFn: ({ signal }) =>
      engine.data.drift(
        { reference: { version: before, path }, current: { version: after, path } },
        { signal },
      ),
    staleTime: Infinity,
    retry: false,
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="both versions" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  return <Shown report={data} />;
}

const verdictWords = {
  drift: 'drift',
  'no-drift': 'no drift',
  'not-enough-data': 'not enough data',
  'not-compared': 'not compared',
} as const satisfies Record<DriftColumn['verdict'], string>;

function Shown({ report: { about, reference, current, columns, added, removed } }: { report: DriftReport }) {
  const [opened, open] = useState<string | null>(null);
  return (
    <>
      <p className={tables.quiet} role="status">
        {about} {formatCount(reference.rowCount)} rows before, {formatCount(current.rowCount)} after.
        {added.length === 0 ? '' : ` New: ${added.join(', ')}.`}
        {removed.length === 0 ? '' : ` Gone: ${removed.join(', ')}.`}
      </p>
      <div className={tables.sideways} tabIndex={0} role="region" aria-label="Columns of both versions">
        <table className={tables.table}>
          <TableHead columns={['Column', 'Verdict', ...numbers('Rows moved'), 'Size', 'What changed most']} />
          <tbody>
            {columns.map((column) => (
              <Fragment key={column.name}>
                <tr>
                  <th scope="row">
                    {column.bins === null ? (
                      column.name
                    ) : (
                      <button
                        type="button"
                        className={styles.open}
                        aria-expanded={opened === column.name}
                        onClick={() => open(opened === column.name ? null : column.name)}
                      >
                        {column.name}
                      </button>
                    )}
                  </th>
                  <td className={column.verdict === 'drift' ? styles.warning : undefined}>
                    {verdictWords[column.verdict]}
                  </td>
                  <td className={tables.number}>
                    {column.effect === null ? '' : `${formatNumber(column.effect.moved * 100)} %`}
                  </td>
                  <td>{column.effect?.size}</td>
                  <td className={tables.wrap}>{column.about}</td>
                </tr>
                {opened === column.name ? (
                  <tr>
                    <td colSpan={5}>
                      <div className={styles.pictures}>
                        <DriftPictures column={column} />
                      </div>
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
