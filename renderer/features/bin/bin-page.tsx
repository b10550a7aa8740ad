import { Button, Checkbox, Modal } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { BinUsage } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import styles from './bin-page.module.css';

/** Runs that were deleted: back into the tables, or gone for good once their bytes have been shown. */
export default function BinPage() {
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['runs', 'bin'],
    queryFn: ({ pageParam, signal }) =>
      engine.tracking.searchRuns(
        { deleted: true, limit: 200, ...(pageParam === null ? {} : { after: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const runs = useMemo(() => data?.pages.flatMap((page) => page.runs) ?? [], [data]);
  const total = data?.pages[0]?.total ?? 0;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isErasing, setErasing] = useState(false);
  const runIds = runs.map(({ id }) => id).filter((id) => chosen.has(id));
  const refresh = async () => {
    setChosen(new Set());
    await queryClient.invalidateQueries({ queryKey: ['runs'] });
  };
  const restore = async () => {
    try {
      await engine.tracking.restoreRuns({ runIds });
      await refresh();
    } catch (failure) {
      showProblem(failure);
    }
  };
  const toggle = (id: string) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <PageFrame
      name="Bin"
      beside={
        <span role="status">
          {runs.length < total
            ? `first ${formatCount(runs.length)} of ${formatCount(total)} runs`
            : `${formatCount(total)} ${total === 1 ? 'run' : 'runs'}`}
          {runIds.length > 0 ? ` · ${formatCount(runIds.length)} selected` : ''}
        </span>
      }
      actions={
        runs.length === 0 ? null : (
          <>
            <Button disabled={runIds.length === 0} onClick={() => void restore()}>
              Restore
            </Button>
            <Button disabled={runIds.length === 0} onClick={() => setErasing(true)}>
              Delete for good …
            </Button>
          </>
        )
      }
    >
      {error !== null ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Pending what="the bin" />
      ) : runs.length === 0 ? (
        <EmptyState title="The bin is empty">
          <p>
            Deleted runs wait here, with all that was recorded of them, until you delete them for good or{' '}
            <code>benchtop gc</code> does.
          </p>
        </EmptyState>
      ) : (
        <ScrollRegion label="Runs of the bin">
          <table className={`${tables.table} ${styles.runs}`}>
            <thead>
              <tr>
                <th scope="col">
                  <Checkbox
                    size="xs"
                    aria-label="Select all"
                    checked={runIds.length === runs.length}
                    indeterminate={runIds.length > 0 && runIds.length < runs.length}
                    onChange={(event) =>
                      setChosen(event.currentTarget.checked ? new Set(runs.map(({ id }) => id)) : new Set())
                    }
                  />
                </th>
                <th scope="col">Run</th>
                <th scope="col">State</th>
                <th scope="col">Started</th>
                <th scope="col">Command</th>
              </tr>
            </thead>
            <tbody>
              {runs.map((run) => (
                <tr key={run.id}>
                  <td>
                    <Checkbox
                      size="xs"
                      aria-label={`Select ${run.name}`}
                      checked={chosen.has(run.id)}
                      onChange={() => toggle(run.id)}
                    />
                  </td>
                  <th scope="row">{run.name}</th>
                  <td>
                    <StatusMark status={run.status} />
                  </td>
                  <td>
                    <RelativeTime at={run.startedAt ?? run.createdAt} />
                  </td>
                  <td>
                    <code>{run.command.join(' ')}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {hasNextPage ? (
            <p className={styles.more}>
              <Button onClick={() => void fetchNextPage()}>Show more</Button>
            </p>
          ) : null}
        </ScrollRegion>
      )}
      {isErasing ? (
        <EraseDialog
          runIds={runIds.slice(0, 1000)}
          onClose={() => setErasing(false)}
          onErased={() => {
            setErasing(false);
            void refresh();
          }}
        />
      ) : null}
    </PageFrame>
  );
}

function EraseDialog({
  runIds,
  onClose,
  onErased,
}: {
  runIds: readonly string[];
  onClose: () => void;
  onErased: () => void;
}) {
  const { data: usage, error } = useQuery({
    queryKey: ['bin-usage', runIds],
    queryFn: () => engine.bin.preview({ runIds: [...runIds] }),
    gcTime: 0,
  });
  const erase = useMutation({
    mutationFn: () => engine.bin.erase({ runIds: [...runIds] }),
    onSuccess: onErased,
  });
  const failure = erase.error ?? error;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Delete ${runIds.length === 1 ? 'one run' : `${runIds.length} runs`} for good?`}
    >
      {usage === undefined ? (
        failure === null ? (
          <Pending what="what it frees" />
        ) : null
      ) : (
        <Freed usage={usage} />
      )}
      {failure === null ? null : <ErrorNotice error={failure} />}
      <div className={styles.foot}>
        <Button onClick={onClose} data-autofocus>
          Keep them
        </Button>
        <Button color="red" disabled={usage === undefined || erase.isPending} onClick={() => erase.mutate()}>
          {usage === undefined ? 'Delete for good' : `Delete ${formatBytes(sumOf(usage))} for good`}
        </Button>
      </div>
    </Modal>
  );
}

const sumOf = (usage: BinUsage) => usage.pointBytes + usage.logBytes + usage.fileBytes + usage.strayFileBytes;

function Freed({ usage }: { usage: BinUsage }) {
  const rows = [
    ['Metric points, about', usage.pointBytes],
    ['Console output', usage.logBytes],
    ['Files only these runs have', usage.fileBytes],
    ['Files nothing refers to', usage.strayFileBytes],
  ] as const;
  return (
    <>
      <table className={tables.table}>
        <tbody>
          {rows.map(([name, sizeBytes]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className={tables.number}>{formatBytes(sizeBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.about}>This cannot be undone.</p>
    </>
  );
}
