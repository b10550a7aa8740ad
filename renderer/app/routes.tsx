import { Redirect, Route, Switch } from 'wouter';
import { EmptyState } from '../ui/empty-state.tsx';
import { whenLoaded } from '../ui/when-loaded.tsx';
import { PageFrame } from './page-frame.tsx';
import { modelInPath } from './model-path.ts';
import { pages } from './pages.ts';
import { StartPage } from './start-page.tsx';

const ProjectHome = whenLoaded(pages.home);
const RunsPage = whenLoaded(pages.runs);
const RunPage = whenLoaded(pages.run);
const ComparePage = whenLoaded(pages.compare);
const QueuePage = whenLoaded(pages.queue);
const PipelinesPage = whenLoaded(pages.pipelines);
const ExecutionPage = whenLoaded(pages.execution);
const DataPage = whenLoaded(pages.data);
const DataSetPage = whenLoaded(pages.dataSet);
const ModelsPage = whenLoaded(pages.models);
const ModelPage = whenLoaded(pages.model);
const ApprovalPage = whenLoaded(pages.approval);
const SqlPage = whenLoaded(pages.sql);
const BinPage = whenLoaded(pages.bin);
const OutboxPage = whenLoaded(pages.outbox);
const StoragePage = whenLoaded(pages.storage);
const MonitoringPage = whenLoaded(pages.monitoring);
const MonitorPage = whenLoaded(pages.monitor);

/** Every place has an address; pages are loaded when first seen. */
export function Routes() {
  return (
    <Switch>
      <Route path="/">
        <StartPage />
      </Route>
      <Route path="/sql">
        <SqlPage />
      </Route>
      <Route path="/bin">
        <BinPage />
      </Route>
      <Route path="/outbox/:part?">{({ part }) => <OutboxPage part={part} />}</Route>
      <Route path="/storage">
        <StoragePage />
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
      <Route path="/queue">
        <QueuePage />
      </Route>
      <Route path="/run/:runId">{({ runId }) => <Redirect to={`/runs/${runId}`} replace />}</Route>
      <Route path="/projects/:projectId">
        {({ projectId }) => <ProjectHome key={projectId} projectId={projectId} />}
      </Route>
      <Route path="/projects/:projectId/runs">
        {({ projectId }) => <RunsPage key={projectId} projectId={projectId} />}
      </Route>
      <Route path="/projects/:projectId/runs/:runId/:tab?">
        {({ projectId, runId, tab }) => <RunPage key={runId} runId={runId} tab={tab} projectId={projectId} />}
      </Route>
      <Route path="/projects/:projectId/pipelines/:part?">
        {({ projectId, part }) => <PipelinesPage key={projectId} projectId={projectId} part={part} />}
      </Route>
      <Route path="/projects/:projectId/pipelines/executions/:executionId">
        {({ projectId, executionId }) => (
          <ExecutionPage key={executionId} projectId={projectId} executionId={executionId} />
        )}
      </Route>
      <Route path="/projects/:projectId/data">{({ projectId }) => <DataPage projectId={projectId} />}</Route>
      <Route path="/projects/:projectId/data/:dataSetId">
        {({ projectId, dataSetId }) => (
          <DataSetPage key={dataSetId} projectId={projectId} dataSetId={dataSetId} />
        )}
      </Route>
      <Route path="/projects/:projectId/models">
        {({ projectId }) => <ModelsPage key={projectId} projectId={projectId} />}
      </Route>
      <Route path="/projects/:projectId/models/:name/approve/:version">
        {({ projectId, version }) => (
          <ApprovalPage
            projectId={projectId}
            name={modelInPath(location.pathname)}
            version={Number(version)}
          />
        )}
      </Route>
      <Route path="/projects/:projectId/models/:name/:part?">
        {({ projectId, name, part }) => (
          <ModelPage key={name} projectId={projectId} name={modelInPath(location.pathname)} part={part} />
        )}
      </Route>
      <Route path="/projects/:projectId/monitoring">
        {({ projectId }) => <MonitoringPage key={projectId} projectId={projectId} />}
      </Route>
      <Route path="/projects/:projectId/monitoring/:monitorId">
        {({ projectId, monitorId }) => (
          <MonitorPage key={monitorId} projectId={projectId} monitorId={monitorId} />
        )}
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
  );
}
