export { createRunner, type Runner, type RunRequest } from './create-runner.ts';
export type { RunEnd } from './ending.ts';
