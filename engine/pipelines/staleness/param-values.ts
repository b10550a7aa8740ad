import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readParamsFile } from '../params-file.ts';

/** The values in the params files of a project, each read again only when it was written to; undefined where there is no file. */
export function createParamValues(projectPath: string): (file: string) => Promise<unknown> {
  const known = new Map<string, { stamp: string; values: Promise<unknown> }>();
  return (file) => {
    const stats = statSync(join(projectPath, file), { throwIfNoEntry: false });
    const stamp = stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
    const before = known.get(file);
    if (before?.stamp === stamp) return before.values;
    const values = readParamsFile(projectPath, file);
    known.set(file, { stamp, values });
    return values;
  };
}
