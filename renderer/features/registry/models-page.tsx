import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { IconFilter } from '@tabler/icons-react';
import { useRef, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { RegisteredModel } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useAddressWords } from '../../app/use-address-words.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import bars from '../../ui/bar.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { WaitingList } from '../gates/index.ts';
import { TeamModels } from '../sync/index.ts';
import { ModelRow } from './model-row.tsx';
import styles from './models.module.css';
import { RowSpace, useRowWindow } from './row-window.tsx';
import { modelsKey, readMoreOf } from './use-models.ts';

const pageModels = 200;

/** The registered models of a project, or of all of them: who leads each, and what happened last. */
export default function ModelsPage({ projectId }: { projectId: string }) {
  const [words, set] = useAddressWords();
  const isAll = words.get('of') === 'all';
  const text = words.get('q') ?? '';
  const pages = useInfiniteQuery({
    queryKey: [...modelsKey, 'list', isAll ? null : projectId, text],
    queryFn: ({ pageParam }) =>
      engine.registry.models({
        text,
        limit: pageModels,
        ...(isAll ? {} : { projectId }),
        ...(pageParam === null ? {} : { after: pageParam }),
      }),
    initialPageParam: null as { updatedAt: number; name: string } | null,
    getNextPageParam: ({ models }) => {
      const last = models.length < pageModels ? undefined : models.at(-1);
      return last === undefined ? null : { updatedAt: last.updatedAt, name: last.name };
    },
    placeholderData: keepPreviousData,
  });
  const { data, error, refetch } = pages;
  const models = data?.pages.flatMap((page) => page.models) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  const filter = useRef<HTMLInputElement>(null);
  usePageActions({ 'page.filter': () => filter.current?.focus() });
  return (
    <PageFrame
      name="Models"
      beside={
        data === undefined ? null : (
          <span role="status">
            {formatCount(total)} {total === 1 ? 'model' : 'models'}
          </span>
        )
      }
      actions={
        <Button
          aria-pressed={isAll}
          className={styles.toggle ?? ''}
          onClick={() => set('of', isAll ? '' : 'all')}
        >
          Of all projects
        </Button>
      }
    >
      <WaitingList projectId={projectId} />
      {data === undefined ? (
        error === null ? (
          <Pending what="the models" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : total === 0 && text === '' ? (
        <ScrollRegion label="Models">
          <NoModels projectId={projectId} isAll={isAll} onAll={() => set('of', 'all')} />
          <TeamModels projectId={projectId} text="" />
        </ScrollRegion>
      ) : (
        <>
          <div className={bars.bar}>
            <TextInput
              ref={filter}
              aria-label="Find a model"
              placeholder="A part of the name"
              leftSection={<IconFilter size={14} stroke={1.5} />}
              value={text}
              spellCheck={false}
              onChange={(event) => set('q', event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                set('q', '');
                event.currentTarget.blur();
                event.preventDefault();
              }}
            />
            {error === null ? null : <ErrorNotice error={error} />}
          </div>
          {total === 0 ? (
            <ScrollRegion label="Models">
              <p className={tables.about}>No model here has “{text}” in its name.</p>
              <TeamModels projectId={projectId} text={text} />
            </ScrollRegion>
          ) : (
            <ModelTable models={models} total={total} readMore={readMoreOf(pages)} projectId={projectId}>
              <TeamModels projectId={projectId} text={text} />
            </ModelTable>
          )}
        </>
      )}
    </PageFrame>
  );
}

function NoModels({ projectId, isAll, onAll }: { projectId: string; isAll: boolean; onAll: () => void }) {
  const [, navigate] = useLocation();
  const toRuns = () => navigate(`/projects/${projectId}/runs?q=${encodeURIComponent('status = finished')}`);
  return (
    <EmptyState
      title={isAll ? 'No registered models' : 'No registered models from this project'}
      actions={
        <>
          <Button variant="filled" onClick={toRuns}>
            Finished runs
          </Button>
          {isAll ? null : <Button onClick={onAll}>Models of all projects</Button>}
        </>
      }
    >
      <p>
        Open a finished run and its Artifacts: what is a model there can be registered at once. An MLflow
        client that registers one is shown here too.
      </p>
      <pre>benchtop model register RUN churn</pre>
    </EmptyState>
  );
}

/** Only the rows in view are drawn, and read as far as they are scrolled to. */
function ModelTable({
  models,
  total,
  readMore,
  projectId,
  children,
}: {
  models: readonly RegisteredModel[];
  total: number;
  /** Null when all are there. */
  readMore: (() => void) | null;
  projectId: string;
  /** Stands below the table, and is scrolled with it. */
  children: ReactNode;
}) {
  const [, navigate] = useLocation();
  const { scroll, rows, abovePx, belowPx, pointed } = useRowWindow(models.length, readMore, (index) => {
    const model = models[index];
    if (model !== undefined) navigate(modelPath(projectId, model.name));
  });
  return (
    <ScrollRegion ref={scroll} label="Models">
      <table className={`${tables.table} ${styles.windowed}`} aria-rowcount={total + 1}>
        <colgroup>
          <col />
          <col className={styles.wide} />
          <col className={styles.narrow} />
          <col className={styles.middle} />
          <col className={styles.wide} />
          <col className={styles.middle} />
          <col className={styles.middle} />
        </colgroup>
        <TableHead
          columns={[
            'Model',
            'Aliases',
            ...numbers('Versions'),
            'Newest',
            'Made by',
            'Reproduced',
            'Last change',
          ]}
          rowIndex={1}
        />
        <tbody>
          <RowSpace heightPx={abovePx} />
          {rows.map(({ index }) => {
            const model = models[index];
            return model === undefined ? null : (
              <ModelRow
                key={model.name}
                model={model}
                projectId={projectId}
                index={index}
                isPointed={index === pointed}
              />
            );
          })}
          <RowSpace heightPx={belowPx} />
        </tbody>
      </table>
      {children}
    </ScrollRegion>
  );
}
