export { migrations } from './migrations.ts';
export { createPipelines, type Pipelines, type StageRunner } from './pipelines.ts';
