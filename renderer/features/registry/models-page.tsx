import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { IconFilter } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import type { RegisteredModel } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { usePageActions } from '../../app/use-page-actions.ts';
import bars from '../../ui/bar.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import { WaitingList } from '../gates/index.ts';
import { ModelRow } from './model-row.tsx';
import styles from './models.module.css';
import { modelsKey } from './use-models.ts';

/** The registered models of a project, or of all of them: who leads each, and what happened last. */
export default function ModelsPage({ projectId }: { projectId: string }) {
  const [search, setSearch] = useSearchParams();
  const isAll = search.get('of') === 'all';
  const text = search.get('q') ?? '';
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const { data, error, refetch } = useQuery({
    queryKey: [...modelsKey, 'list', isAll ? null : projectId, text],
    queryFn: () => engine.registry.models({ text, ...(isAll ? {} : { projectId }) }),
    placeholderData: keepPreviousData,
  });
  const filter = useRef<HTMLInputElement>(null);
  usePageActions({ 'page.filter': () => filter.current?.focus() });
  return (
    <PageFrame
      name="Models"
      beside={
        data === undefined ? null : (
          <span role="status">
            {formatCount(data.length)} {data.length === 1 ? 'model' : 'models'}
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
      ) : data.length === 0 && text === '' ? (
        <NoModels projectId={projectId} isAll={isAll} onAll={() => set('of', 'all')} />
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
          {data.length === 0 ? (
            <p className={styles.none}>No model has “{text}” in its name.</p>
          ) : (
            <ModelTable models={data} projectId={projectId} />
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

function ModelTable({ models, projectId }: { models: readonly RegisteredModel[]; projectId: string }) {
  const [, navigate] = useLocation();
  const [pointed, point] = useState(0);
  const row = Math.min(pointed, models.length - 1);
  const open = (model: RegisteredModel | undefined) => {
    if (model !== undefined) navigate(modelPath(projectId, model.name));
  };
  usePageActions({
    'runs.next': () => point(Math.min(models.length - 1, row + 1)),
    'runs.previous': () => point(Math.max(0, row - 1)),
    'runs.open': () => open(models[row]),
  });
  return (
    <ScrollRegion label="Models">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Aliases</th>
            <th scope="col" className={tables.number}>
              Versions
            </th>
            <th scope="col">Newest</th>
            <th scope="col">Made by</th>
            <th scope="col">Reproduced</th>
            <th scope="col">Last change</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model, at) => (
            <ModelRow key={model.name} model={model} projectId={projectId} isPointed={at === row} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
