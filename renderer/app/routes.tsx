import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageFrame } from './page-frame.tsx';
import { StartPage } from './start-page.tsx';

const ProjectHome = lazy(() => import('../features/projects/project-home.tsx'));
const RunsPage = lazy(() => import('../features/tracking/runs-page.tsx'));
const RunPage = lazy(() => import('../features/tracking/run-page.tsx'));
const PipelinesPage = lazy(() => import('../features/pipelines/pipelines-page.tsx'));
const DataPage = lazy(() => import('../features/data/data-page.tsx'));
const ModelsPage = lazy(() => import('../features/registry/models-page.tsx'));
const MonitoringPage = lazy(() => import('../features/monitoring/monitoring-page.tsx'));

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
