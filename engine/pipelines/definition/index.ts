export { readDvcLock } from './dvc-lock.ts';
export { pythonConstants } from './python-values.ts';
export { readPipeline } from './read-pipeline.ts';
export { paramsOf } from './params-file.ts';
