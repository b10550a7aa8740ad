export { migrations } from './migrations.ts';
export { createPipelines } from './pipelines.ts';
