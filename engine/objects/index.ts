export { queries } from './chunk-delta.ts';
export { migrations } from './migrations.ts';
export { objectResponse } from './object-response.ts';
export { createObjects, type Objects } from './objects.ts';
export type { StoredObject } from './stored-object.ts';
