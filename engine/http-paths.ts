import { mlflowPaths } from './mlflow/index.ts';

/** Stored files lie below it, each by its id. */
export const objectsPath = '/objects';

/** All that the engine answers over HTTP lies at or below one of these. */
export const httpPaths: readonly string[] = [objectsPath, ...mlflowPaths];
