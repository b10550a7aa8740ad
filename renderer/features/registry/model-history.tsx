import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistoryEntry } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import bars from '../../ui/bar.module.css';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount, formatNumber } from '../../ui/format-number.ts';
import { MarkedText } from '../../ui/marked-text.tsx';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { HistoryFilter, kindsIn, type HistoryChoice } from './history-filter.tsx';
import { historyText } from './history-text.ts';
import { isSystemSeries } from '../tracking/index.ts';
import styles from './models.module.css';
import { modelsKey, useVersionsByNumber } from './use-models.ts';

const pageEntries = 100;
const metricsShown = 3;

/** What happened to a model, the latest first: who, when, what, why and on what evidence; and whether the record is whole. */
export function ModelHistory({ name }: { name: string }) {
  const [choice, choose] = useState<HistoryChoice>({ kinds: 'everything', text: '' });
  const kinds = kindsIn(choice.kinds);
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...modelsKey, 'history', name, choice],
    queryFn: ({ pageParam }) =>
      engine.registry.history({
        name,
        text: choice.text,
        ...(kinds === null ? {} : { kinds }),
        limit: pageEntries,
        ...(pageParam === null ? {} : { before: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < pageEntries ? null : page.at(-1)?.seq),
    placeholderData: keepPreviousData,
  });
  const restore = useChange(modelsKey, (version: number) =>
    engine.registry.restoreVersion({ name, version }),
  );
  const entries = data?.pages.flat() ?? [];
  const deleted = useVersionsByNumber(
    name,
    entries.flatMap(({ kind, version }) => (kind === 'version-deleted' ? (version ?? []) : [])),
  );
  if (data === undefined)
    return error === null ? (
      <Pending what="the history" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  return (
    <>
      <ChainState name={name} />
      <div className={bars.bar}>
        <HistoryFilter choice={choice} onChoose={choose} />
        <span className={styles.leads} role="status">
          {entries.length === 0
            ? 'Nothing of the kind is in the history.'
            : `${hasNextPage ? 'The latest ' : ''}${formatCount(entries.length)} ${entries.length === 1 ? 'entry' : 'entries'}`}
        </span>
        {error === null ? null : <ErrorNotice error={error} />}
      </div>
      <ScrollRegion label="History">
        <table className={tables.table}>
          <TableHead columns={['When', 'What', 'Who', 'Why', 'Evidence', 'Entry']} />
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.seq}>
                <td>
                  <RelativeTime at={entry.atMs} />
                </td>
                <th scope="row" className={tables.wrap}>
                  {historyText(entry)}
                  {entry.kind !== 'version-deleted' || deleted.get(entry.version ?? 0) !== null ? null : (
                    <Button
                      className={styles.beside ?? ''}
                      aria-label={`Bring back version ${entry.version}`}
                      onClick={() => entry.version !== null && restore.mutate(entry.version)}
                    >
                      Bring back
                    </Button>
                  )}
                </th>
                <td title={entry.via}>{entry.who === '' ? entry.via : entry.who}</td>
                <td className={tables.wrap}>{entry.reason === '' ? '–' : entry.reason}</td>
                <td className={tables.wrap}>{evidenceText(entry)}</td>
                <td>
                  <code title={`${entry.hash}, after ${entry.previousHash}`}>
                    {entry.seq} {entry.hash.slice(0, 8)}
                  </code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {hasNextPage ? <Button onClick={() => void fetchNextPage()}>Show more</Button> : null}
      </ScrollRegion>
    </>
  );
}

/**
 * Whether each entry follows from the one before, over all models, and the ways to keep the history elsewhere. All of it is computed when
 * the history is opened, and when somebody asks: not at every change, which costs as much as the history is long.
 */
function ChainState({ name }: { name: string }) {
  const { data, error, dataUpdatedAt, isFetching, refetch } = useQuery({
    queryKey: ['registry-chain'],
    queryFn: () => engine.registry.verifyHistory({}),
    gcTime: 0,
  });
  const save = useChange(['none'], async (format: 'csv' | 'html') => {
    let text = '';
    for await (const part of engine.registry.exportHistory({ name, format })) text += part.text;
    const type = format === 'csv' ? 'text/csv' : 'text/html';
    saveFile(new Blob([text], { type }), `${name} history.${format}`);
  });
  return (
    <div className={bars.bar}>
      <span className={styles.leads} role="status">
        {data === undefined ? (
          error === null ? (
            'Computing the chain again …'
          ) : (
            error.message
          )
        ) : data.break !== null ? (
          <span className={styles.broken}>
            {data.break.what} <Next text={data.next} />
          </span>
        ) : data.disagreements.length > 0 ? (
          <span className={styles.broken}>
            The registry is not as its history tells: {data.disagreements[0]}
            {data.disagreements.length > 1 ? ` And ${data.disagreements.length - 1} more.` : ''}{' '}
            <Next text={data.next} />
          </span>
        ) : (
          <>
            Whole: all {formatCount(data.entryCount)} entries of the registry follow from each other, the last
            is <code>{data.lastHash.slice(0, 12)}</code>, computed <RelativeTime at={dataUpdatedAt} />{' '}
            <CopyButton text={data.lastHash} what="the last hash, to hold it against a later one" />
          </>
        )}
      </span>
      <Button onClick={() => void refetch()} disabled={isFetching}>
        Compute again
      </Button>
      <Button onClick={() => save.mutate('csv')}>Save as CSV</Button>
      <Button onClick={() => save.mutate('html')}>Save as HTML</Button>
    </div>
  );
}

const Next = ({ text }: { text: string | null }) => (text === null ? null : <MarkedText text={text} />);

function evidenceText({ evidence, version }: HistoryEntry): string {
  if (evidence === null) return '–';
  const runs = (evidence.runs ?? []).map(({ version: of, runName, metrics }) => {
    const told = Object.entries(metrics)
      .filter(([name]) => !isSystemSeries(name))
      .slice(0, metricsShown)
      .map(([name, value]) => `${name} ${formatNumber(value)}`);
    return `${of === version ? '' : `version ${of}: `}${[runName, ...told].join(', ')}`;
  });
  const files =
    evidence.files === undefined
      ? []
      : [
          `${formatCount(evidence.files.count)} ${evidence.files.count === 1 ? 'file' : 'files'}, ${evidence.files.sha256.slice(0, 8)}`,
        ];
  const lost = Object.entries(evidence.aliases ?? {}).map(([alias, of]) =>
    of === version ? `it was ${alias}` : `version ${of} was ${alias}`,
  );
  const told = [...runs, ...files, ...lost];
  return told.length === 0 ? '–' : told.join(' · ');
}
