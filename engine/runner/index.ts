export { argumentParams, programOfCommand } from './argument-params.ts';
export { createRunner } from './create-runner.ts';
