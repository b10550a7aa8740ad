import type { PipelineStage } from './pipelines.ts';

/** What holds for a stage of which its definition says nothing else. */
export const stageDefaults = {
  group: null,
  workingFolder: '.',
  description: '',
  deps: [],
  externalDeps: [],
  params: [],
  outputs: [],
  isFrozen: false,
  isAlwaysChanged: false,
  resources: { cpus: null, memoryBytes: null, gpus: null },
  mutexes: [],
  retry: { times: 0, delayMs: 0 },
  timeLimitMs: null,
  env: {},
  lockNames: {},
} satisfies Partial<PipelineStage>;
