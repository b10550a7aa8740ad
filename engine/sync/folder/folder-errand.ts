import { join } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';
import { isWithin } from '../../is-within.ts';
import type { DeliveryContext } from '../delivery-context.ts';
import type { SyncRecords } from '../records.ts';
import type { Pace } from './write-file.ts';

/** What the operations of one delivery to one folder share. */
export interface FolderErrand extends DeliveryContext {
  readonly records: SyncRecords;
  readonly root: string;
  readonly pace: Pace;
}

/** What the receipt is made of: a file as it was sent. */
export interface SentFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** A path below a folder. @throws {BenchtopError} `invalid-input` for one that leads out of it. */
export function below(folder: string, path: string): string {
  const found = join(folder, path);
  if (found !== folder && isWithin(folder, found)) return found;
  throw new BenchtopError({ code: 'invalid-input', what: `The path ${path} leads out of its folder.` });
}
