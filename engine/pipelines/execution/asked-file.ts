import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { pipeline } from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';

const askedExecution = z.object({ pipeline, env: z.record(z.string(), z.string()) });

/** What an execution was begun with: the pipeline as it was defined then, and the variables of whoever began it. */
export type AskedExecution = z.infer<typeof askedExecution>;

/**
 * `<home>/executions/<id>.json`, there as long as the execution goes on: for the next engine, if this one does not see its
 * end. Apart from the store, because variables may be secrets.
 */
export function createAskedFiles(homePath: string): {
  write(executionId: string, asked: AskedExecution): Promise<void>;
  /** Null where it is gone or is not whole. */
  read(executionId: string): Promise<AskedExecution | null>;
  remove(executionId: string): Promise<void>;
  /** Removes those of executions that are over. */
  keepOnly(executionIds: ReadonlySet<string>): Promise<void>;
} {
  const folder = join(homePath, 'executions');
  const pathOf = (executionId: string) => join(folder, `${executionId}.json`);
  return {
    async write(executionId, asked) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const path = pathOf(executionId);
      await writeFile(`${path}.new`, JSON.stringify(asked), { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
    async read(executionId) {
      try {
        return askedExecution.parse(JSON.parse(await readFile(pathOf(executionId), 'utf8')));
      } catch (error) {
        // Half a file of a power failure: then the definition is read as it is now.
        if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return null;
        throw error;
      }
    },
    remove: (executionId) => rm(pathOf(executionId), { force: true }),
    async keepOnly(executionIds) {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      for (const name of names)
        if (!executionIds.has(name.replace(/\.json(\.new)?$/, '')))
          await rm(join(folder, name), { force: true });
    },
  };
}
