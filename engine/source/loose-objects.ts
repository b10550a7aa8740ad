import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';

const deflated = promisify(deflate);

/**
 * Writes one object into a git folder, deflated, under its own name only when it is whole (gitformat-loose). Nothing happens where it is
 * there already. Resolves to its id.
 */
export async function writeLoose(
  gitPath: string,
  kind: 'blob' | 'tree' | 'commit',
  content: Uint8Array,
): Promise<string> {
  const header = Buffer.from(`${kind} ${content.length}\0`);
  const id = createHash('sha1').update(header).update(content).digest('hex');
  const folder = join(gitPath, 'objects', id.slice(0, 2));
  const path = join(folder, id.slice(2));
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return id;
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `tmp_obj_${randomUUID()}`);
  try {
    await writeFile(unfinished, await deflated(Buffer.concat([header, content]), { level: 1 }), {
      mode: 0o444,
      flush: true,
    });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return id;
}
