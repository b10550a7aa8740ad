import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing } from '../../is-missing.ts';
import { originTag } from '../delivery-context.ts';
import { refusal } from '../link/send-failure.ts';
import type { TeamRegistry, ThereFile, ThereVersion } from '../team/team-registry.ts';
import { below } from './folder-errand.ts';
import { aliasesOf, modelNames, versionFolder, versionNumbers } from './places.ts';
import { sumsOf } from './sums.ts';

const record = z.object({
  origin: z.string(),
  model_version: z.object({
    name: z.string(),
    creation_timestamp: z.number(),
    description: z.string().default(''),
    source: z.string().default(''),
    run_id: z.string().default(''),
    tags: z.array(z.object({ key: z.string(), value: z.string() })).default([]),
  }),
});

/** What a folder has in it, as a registry. @param asked around every look: says what a failure means. */
export function folderRegistry(root: string, asked: <T>(work: () => Promise<T>) => Promise<T>): TeamRegistry {
  async function versionAt(
    name: string,
    number: string,
    aliases: ReadonlyMap<string, string>,
  ): Promise<ThereVersion | null> {
    const text = await readFile(join(versionFolder(root, name, number), 'version.json'), 'utf8').catch(
      (error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      },
    );
    if (text === null) return null;
    const { origin, model_version: found } = record.parse(JSON.parse(text));
    return {
      name,
      version: number,
      aliases: [...aliases].flatMap(([alias, version]) => (version === number ? [alias] : [])),
      description: found.description,
      runId: found.run_id === '' ? null : found.run_id,
      source: found.source,
      tags: { ...Object.fromEntries(found.tags.map(({ key, value }) => [key, value])), [originTag]: origin },
      createdAt: found.creation_timestamp,
    };
  }

  return {
    serverVersion: async () => null,
    async *versions() {
      for (const name of await asked(() => modelNames(root)))
        yield await asked(async () => {
          const aliases = await aliasesOf(root, name);
          const found: ThereVersion[] = [];
          for (const number of await versionNumbers(root, name)) {
            const version = await versionAt(name, String(number), aliases);
            if (version !== null) found.push(version);
          }
          return found;
        });
    },
    version: (name, by) =>
      asked(async () => {
        const aliases = await aliasesOf(root, name);
        const number = 'alias' in by ? aliases.get(by.alias) : by.number;
        return number === undefined || !/^[1-9]\d*$/.test(number) ? null : versionAt(name, number, aliases);
      }),
    files: ({ name, version }) =>
      asked(async () => {
        const folder = versionFolder(root, name, version);
        const sums = await sumsOf(folder);
        if (sums === null)
          throw refusal(`${name}/${version} has no SHA256SUMS at the target: it is not whole.`);
        const files: ThereFile[] = [];
        for (const [path, sha256] of sums) {
          if (!path.startsWith('model/')) continue;
          const place = below(folder, path);
          files.push({
            path: path.slice('model/'.length),
            sizeBytes: (await stat(place)).size,
            sha256,
            read: () => createReadStream(place, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>,
          });
        }
        return files;
      }),
  };
}
