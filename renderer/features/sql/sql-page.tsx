import { Button, Menu, Textarea } from '@mantine/core';
import { IconChevronDown, IconDownload, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { BenchtopError, type SqlResult } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { usePreference } from '../../app/preferences.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { exampleQueries } from './example-queries.ts';
import { resultCsv } from './result-csv.ts';
import { ResultTable } from './result-table.tsx';
import styles from './sql-page.module.css';

/** Questions in SQL over the documented views. Nothing can be written here. */
export default function SqlPage() {
  const [kept, keep] = usePreference('window', 'sql.query', z.string(), exampleQueries[0].query);
  const [typed, setTyped] = useState<string | null>(null);
  const query = typed ?? kept;
  const [result, setResult] = useState<SqlResult | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [running, setRunning] = useState<AbortController | null>(null);
  const editorRef = useRef<HTMLTextAreaElement>(null);
  const { data: views = [] } = useQuery({
    queryKey: ['sql-views'],
    queryFn: () => engine.sql.views({}),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => () => running?.abort(), [running]);

  const run = async () => {
    if (running !== null || query.trim() === '') return;
    keep(query);
    const abort = new AbortController();
    setRunning(abort);
    setError(null);
    try {
      setResult(await engine.sql.query({ query }, { signal: abort.signal }));
    } catch (failure) {
      if (!abort.signal.aborted) {
        setError(failure);
        const at = failure instanceof BenchtopError ? failure.at : undefined;
        editorRef.current?.focus();
        if (at !== undefined) editorRef.current?.setSelectionRange(at.offset, at.offset + at.length);
      }
    } finally {
      setRunning(null);
    }
  };

  return (
    <PageFrame
      name="SQL"
      actions={
        <Menu position="bottom-end" offset={4}>
          <Menu.Target>
            <Button rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}>Examples</Button>
          </Menu.Target>
          <Menu.Dropdown>
            {exampleQueries.map((example) => (
              <Menu.Item key={example.name} onClick={() => setTyped(example.query)}>
                {example.name}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      }
    >
      <div className={styles.page}>
        <div className={styles.work}>
          <Textarea
            ref={editorRef}
            aria-label="Query"
            classNames={{ input: styles.editor ?? '' }}
            value={query}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              void run();
            }}
            spellCheck={false}
            rows={7}
          />
          <div className={styles.bar} role="toolbar" aria-label="Query">
            {running === null ? (
              <Button
                variant="filled"
                leftSection={<IconPlayerPlay size={14} stroke={1.5} aria-hidden />}
                onClick={() => void run()}
                title="Ctrl+Enter"
              >
                Run
              </Button>
            ) : (
              <Button onClick={() => running.abort()}>Cancel</Button>
            )}
            <span role="status" className={styles.count}>
              {running !== null
                ? 'Running …'
                : result === null
                  ? ''
                  : `${result.isTruncated ? 'First ' : ''}${formatCount(result.rows.length)} ${result.rows.length === 1 ? 'row' : 'rows'} · ${Math.max(1, Math.round(result.elapsedMs))} ms`}
            </span>
            {result === null ? null : (
              <Button
                leftSection={<IconDownload size={14} stroke={1.5} aria-hidden />}
                onClick={() => download(resultCsv(result))}
              >
                Download CSV
              </Button>
            )}
          </div>
          {error === null ? null : <ErrorNotice error={error} />}
          {result === null ? null : <ResultTable result={result} />}
        </div>
        <aside className={styles.views} aria-label="Views" tabIndex={0}>
          {views.map((view) => (
            <details key={view.name} open={view.name === 'runs'}>
              <summary title={view.about}>
                <code>{view.name}</code>
              </summary>
              <p className={styles.about}>{view.about}</p>
              <ul>
                {view.columns.map(({ name, about }) => (
                  <li key={name}>
                    <code>{name}</code> <span>{about}</span>
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </aside>
      </div>
    </PageFrame>
  );
}

function download(csv: string): void {
  const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'benchtop-query.csv';
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
