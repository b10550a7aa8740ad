import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { ResultTable, type SortedBy } from '../sql/index.ts';
import styles from './profile.module.css';
import { tableSelect } from './table-select.ts';

const rowsAtMost = 1000;

/** The first rows of a table of a version, sorted and filtered by the engine; or what a SELECT over it answers. */
export function TableRows({ version, path }: { version: string; path: string }) {
  const [condition, setCondition] = useState('');
  const [sorted, sort] = useState<SortedBy | null>(null);
  /** A query written by hand, in place of the other two. */
  const [typed, setTyped] = useState<string | null>(null);
  const [asked, ask] = useState(tableSelect('', null));
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['data', 'query', version, path, asked],
    queryFn: ({ signal }) =>
      engine.data.query({ table: { version, path }, query: asked, limit: rowsAtMost }, { signal }),
    placeholderData: (known) => known,
    staleTime: Infinity,
    retry: false,
  });
  const choose = (column: string) => {
    const next =
      sorted?.column !== column
        ? { column, isDescending: false }
        : sorted.isDescending
          ? null
          : { column, isDescending: true };
    sort(next);
    ask(tableSelect(condition, next));
  };
  return (
    <div className={styles.rows}>
      <form
        className={styles.bar}
        onSubmit={(event) => {
          event.preventDefault();
          ask(typed ?? tableSelect(condition, sorted));
        }}
      >
        {typed === null ? (
          <TextInput
            className={styles.filter ?? ''}
            aria-label="Rows for which this holds"
            placeholder="delay > 60 AND origin = 'JFK'"
            value={condition}
            onChange={(event) => setCondition(event.currentTarget.value)}
          />
        ) : (
          <TextInput
            className={styles.filter ?? ''}
            aria-label="Query over the table t"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <Button type="submit">{typed === null ? 'Filter' : 'Run'}</Button>
        <Button
          aria-pressed={typed !== null}
          onClick={() => setTyped(typed === null ? tableSelect(condition, sorted) : null)}
        >
          SQL
        </Button>
        <span role="status">
          {isFetching
            ? 'Reading …'
            : data === undefined
              ? ''
              : `${data.isTruncated ? 'First ' : ''}${formatCount(data.rows.length)} ${data.rows.length === 1 ? 'row' : 'rows'}`}
        </span>
      </form>
      {error === null ? null : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Pending what="the first rows" />
        ) : null
      ) : (
        <ResultTable result={data} {...(typed === null ? { sort: { by: sorted, choose } } : {})} />
      )}
    </div>
  );
}
