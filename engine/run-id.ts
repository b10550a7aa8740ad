import { randomUUID } from 'node:crypto';

/** The id of a new run, 32 hex, made as MLflow makes its own. */
export const newRunId = (): string => randomUUID().replaceAll('-', '');
