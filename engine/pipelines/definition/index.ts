export type { BareStage } from './build-stage.ts';
export { joinStages } from './join-stages.ts';
export { readDvcLock } from './dvc-lock.ts';
export { pythonConstants } from './python-values.ts';
export { checkPipelineText, readPipeline } from './read-pipeline.ts';
export { readYaml } from './read-yaml.ts';
