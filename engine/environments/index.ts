export { createEnvironments } from './create-environments.ts';
export { migrations } from './migrations.ts';
