export { createRunner } from './create-runner.ts';
