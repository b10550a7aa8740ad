export { isGlob, plainNumbers, readYaml, schemaMistakes, timeMs, YamlMistake } from './definition/index.ts';
export { migrations } from './migrations.ts';
export { createPipelines } from './pipelines.ts';
export { createStaleness } from './staleness/index.ts';
export { createSchedule } from './execution/index.ts';
