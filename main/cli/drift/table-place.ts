import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { EngineApi, TablePlace } from '../../../contract/index.ts';

/**
 * A table as it is named on the command line: a file, or a data version by the beginning of its id (four letters at least), for a folder
 * followed by a colon and the path within it. What is there as a file is taken as one.
 * @throws {BenchtopError} `not-found`.
 */
export async function tablePlace(api: EngineApi, text: string): Promise<TablePlace> {
  const [, id, path = ''] = (existsSync(text) ? null : /^([0-9a-f]{4,64})(?::(.+))?$/.exec(text)) ?? [];
  return id === undefined ? resolve(text) : { version: (await api.data.find({ text: id })).version, path };
}
