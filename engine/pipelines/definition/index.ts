export { readDvcLock } from './dvc-lock.ts';
export { readPipeline } from './read-pipeline.ts';
