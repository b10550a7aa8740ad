export type { BareStage } from './build-stage.ts';
export { readDvcLock } from './dvc-lock.ts';
export { joinStages } from './join-stages.ts';
export { plainNumbers } from './plain-numbers.ts';
export { readParamsFile } from './read-params-file.ts';
export { checkPipelineText, readPipeline } from './read-pipeline.ts';
export { readYaml } from './read-yaml.ts';
export { stageParams, type StageParam } from './stage-params.ts';
export { valueAt } from './value-at.ts';
