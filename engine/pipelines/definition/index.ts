export type { BareStage } from './build-stage.ts';
export { readDvcLock } from './dvc-lock.ts';
export { joinStages } from './join-stages.ts';
export { paramsOf } from './params-file.ts';
export { pythonConstants } from './python-values.ts';
export { checkPipelineText, readPipeline } from './read-pipeline.ts';
