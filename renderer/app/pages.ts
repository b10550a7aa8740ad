/** The code of each page, loaded when it is first seen. Nothing else may be imported here: it is read before all of it. */
export const pages = {
  home: () => import('../features/projects/project-home.tsx'),
  runs: () => import('../features/tracking/runs-page.tsx'),
  run: () => import('../features/tracking/run-page.tsx'),
  compare: () => import('../features/tracking/compare-page.tsx'),
  queue: () => import('../features/runner/queue-page.tsx'),
  pipelines: () => import('../features/pipelines/pipelines-page.tsx'),
  execution: () => import('../features/pipelines/execution-page.tsx'),
  data: () => import('../features/data/data-page.tsx'),
  dataSet: () => import('../features/data/data-set-page.tsx'),
  models: () => import('../features/registry/models-page.tsx'),
  model: () => import('../features/registry/model-page.tsx'),
  approval: () => import('../features/gates/approval-page.tsx'),
  sql: () => import('../features/sql/sql-page.tsx'),
  bin: () => import('../features/bin/bin-page.tsx'),
  storage: () => import('../features/objects/storage-page.tsx'),
  outbox: () => import('../features/sync/outbox-page.tsx'),
  monitoring: () => import('../features/monitoring/monitoring-page.tsx'),
  monitor: () => import('../features/monitoring/monitor-page.tsx'),
};

/** Begins to load the page of an address before the shell around it is drawn: one wait less on the way to the first rows. */
export function loadPageAhead(path: string): void {
  const room = /\/(runs|compare|data|models|monitoring|sql|bin|storage|outbox)$/.exec(path)?.[1] as
    | keyof typeof pages
    | undefined;
  if (room !== undefined) void pages[room]();
  else if (/\/runs\/[^/]+/.test(path)) void pages.run();
  else if (/\/pipelines\/executions\/./.test(path)) void pages.execution();
  else if (/\/pipelines(\/|$)/.test(path)) void pages.pipelines();
  else if (/\/models\/[^/]+\/approve\//.test(path)) void pages.approval();
  else if (/\/models\/./.test(path)) void pages.model();
  else if (/\/monitoring\/./.test(path)) void pages.monitor();
  else if (path.startsWith('/projects/')) void pages.home();
}
