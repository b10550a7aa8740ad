export { readDvcLock } from './dvc-lock.ts';
export { pythonConstants } from './python-values.ts';
export { readPipeline } from './read-pipeline.ts';
export { readYaml } from './read-yaml.ts';
