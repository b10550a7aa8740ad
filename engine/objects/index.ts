export { identityOf, isSameFile, isSettled, type FileIdentity } from './file-identity.ts';
export { migrations } from './migrations.ts';
export { objectResponse } from './object-response.ts';
export { createObjects, type Objects, type PutObjects } from './objects.ts';
export { queries } from './queries.ts';
export { scrubWhenIdle } from './scrub-when-idle.ts';
export { createStorage } from './storage.ts';
export type { Edit } from './recut.ts';
export type { StoredObject } from './stored-object.ts';
