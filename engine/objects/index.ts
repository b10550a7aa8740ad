export { migrations } from './migrations.ts';
export { createObjects, type Objects, type StoredObject } from './objects.ts';
