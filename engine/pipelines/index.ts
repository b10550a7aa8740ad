export { isGlob, plainNumbers, readYaml, schemaMistakes, timeMs, YamlMistake } from './definition/index.ts';
export { migrations } from './migrations.ts';
export { createPipelines, type Pipelines } from './pipelines.ts';
export { createStaleness } from './staleness/index.ts';
export { createSchedule } from './execution/index.ts';
export { TooManyFiles, type LookOut, type TriggerMemory } from './triggers/index.ts';
