import { join } from 'node:path';

/** Where an object is that is a file of its own, as those of earlier versions are. */
export const ownFilePath = (objectsPath: string, objectId: string): string =>
  join(objectsPath, objectId.slice(0, 2), objectId);
