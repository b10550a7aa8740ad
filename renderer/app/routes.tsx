import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageFrame } from './page-frame.tsx';
import { StartPage } from './start-page.tsx';

const pages = {
  home: () => import('../features/projects/project-home.tsx'),
  runs: () => import('../features/tracking/runs-page.tsx'),
  run: () => import('../features/tracking/run-page.tsx'),
  compare: () => import('../features/tracking/compare-page.tsx'),
  pipelines: () => import('../features/pipelines/pipelines-page.tsx'),
  data: () => import('../features/data/data-page.tsx'),
  models: () => import('../features/registry/models-page.tsx'),
  monitoring: () => import('../features/monitoring/monitoring-page.tsx'),
};
const ProjectHome = lazy(pages.home);
const RunsPage = lazy(pages.runs);
const RunPage = lazy(pages.run);
const ComparePage = lazy(pages.compare);
const PipelinesPage = lazy(pages.pipelines);
const DataPage = lazy(pages.data);
const ModelsPage = lazy(pages.models);
const MonitoringPage = lazy(pages.monitoring);

/** Begins to load the page of an address before the shell around it is drawn: one wait less on the way to the first rows. */
export function loadPageAhead(path: string): void {
  const room = /\/(runs|compare|pipelines|data|models|monitoring)$/.exec(path)?.[1] as
    | keyof typeof pages
    | undefined;
  if (room !== undefined) void pages[room]();
  else if (/\/runs\/[^/]+/.test(path)) void pages.run();
  else if (path.startsWith('/projects/')) void pages.home();
}

/** Every place has an address; pages are loaded when first seen. */
export function Routes() {
  return (
    <Suspense>
      <Switch>
        <Route path="/">
          <StartPage />
        </Route>
        <Route path="/runs">
          <RunsPage projectId={null} />
        </Route>
        <Route path="/compare">
          <ComparePage projectId={null} />
        </Route>
        <Route path="/projects/:projectId/compare">
          {({ projectId }) => <ComparePage projectId={projectId} />}
        </Route>
        <Route path="/runs/:runId/:tab?">
          {({ runId, tab }) => <RunPage key={runId} runId={runId} tab={tab} projectId={null} />}
        </Route>
        <Route path="/run/:runId">{({ runId }) => <Redirect to={`/runs/${runId}`} replace />}</Route>
        <Route path="/projects/:projectId">
          {({ projectId }) => <ProjectHome key={projectId} projectId={projectId} />}
        </Route>
        <Route path="/projects/:projectId/runs">
          {({ projectId }) => <RunsPage key={projectId} projectId={projectId} />}
        </Route>
        <Route path="/projects/:projectId/runs/:runId/:tab?">
          {({ projectId, runId, tab }) => (
            <RunPage key={runId} runId={runId} tab={tab} projectId={projectId} />
          )}
        </Route>
        <Route path="/projects/:projectId/pipelines">
          {({ projectId }) => <PipelinesPage key={projectId} projectId={projectId} />}
        </Route>
        <Route path="/projects/:projectId/data">
          {({ projectId }) => <DataPage projectId={projectId} />}
        </Route>
        <Route path="/projects/:projectId/models">
          {({ projectId }) => <ModelsPage projectId={projectId} />}
        </Route>
        <Route path="/projects/:projectId/monitoring">
          {({ projectId }) => <MonitoringPage projectId={projectId} />}
        </Route>
        <Route>
          <PageFrame name="No such page">
            <EmptyState title="There is no page at this address">
              <p>
                Benchtop has no place called <code>{location.pathname}</code>. Choose one in the rail, or go
                back.
              </p>
            </EmptyState>
          </PageFrame>
        </Route>
      </Switch>
    </Suspense>
  );
}
