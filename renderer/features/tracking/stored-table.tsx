import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { CellTable } from './cell-table.tsx';
import styles from './run-artifacts.module.css';

const rowsOfPage = 500;

/** A look into a table that the engine reads, page by page: Parquet, and text that is packed. */
export function StoredTable({ objectId, path }: { objectId: string; path: string }) {
  const [offset, setOffset] = useState(0);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: ['table-rows', objectId, offset],
    queryFn: ({ signal }) =>
      engine.data.rows({ objectId, name: path, offset, limit: rowsOfPage }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
  if (data === undefined)
    return error === null ? (
      <Pending what={path} />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  const { columns, columnCount, rows, rowCount } = data;
  const last = offset + rows.length;
  const isEnd = rowCount === null ? rows.length < rowsOfPage : last >= rowCount;
  return (
    <div className={styles.content} tabIndex={0} role="region" aria-label="Table">
      <CellTable names={columns.map(({ name }) => name)} rows={rows} />
      <p className={styles.hint}>
        {rows.length === 0 ? 'No rows' : `Rows ${formatCount(offset + 1)} to ${formatCount(last)}`}
        {rowCount === null ? null : ` of ${formatCount(rowCount)}`}
        {columnCount > columns.length
          ? `, the first ${columns.length} of ${formatCount(columnCount)} columns`
          : null}
        {'. '}
        {offset === 0 ? null : (
          <Button disabled={isPlaceholderData} onClick={() => setOffset(offset - rowsOfPage)}>
            Earlier rows
          </Button>
        )}{' '}
        {isEnd ? null : (
          <Button disabled={isPlaceholderData} onClick={() => setOffset(last)}>
            More rows
          </Button>
        )}
      </p>
    </div>
  );
}
