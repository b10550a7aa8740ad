export { migrations } from './migrations.ts';
export { createObjects, type Objects } from './objects.ts';
