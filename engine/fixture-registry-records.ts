import type { createRegistry } from './registry/index.ts';

type RunRecords = Parameters<typeof createRegistry>[0]['records'];

/** For tests and measurements of models alone: what other rooms would know of their runs, which is nothing but the runs. */
export const bareRecords = (run: RunRecords['run']): RunRecords => ({
  run,
  dataOf: () => [],
  environmentOf: async () => null,
  snapshotOf: async () => null,
  project(projectId) {
    throw new Error(`There is no project ${projectId}.`);
  },
  judged: () => null,
});
