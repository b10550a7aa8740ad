import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';
import { isCommitted } from '../../source/index.ts';

const mark = /\n<!-- benchtop ([0-9a-f]{64}) -->\n$/;

/**
 * Writes a card into `model-cards/` of a folder, with a mark at its end by which the next one sees whether somebody has changed it by
 * hand. What somebody wrote goes only where git would bring it back, or there is no git.
 * @returns the path. @throws {BenchtopError} `conflict` for a card that was changed, unless it may be written over.
 */
export async function saveCard(
  folder: string,
  { name, markdown, overwrite }: { name: string; markdown: string; overwrite: boolean },
): Promise<string> {
  const directory = join(folder, 'model-cards');
  const path = join(directory, `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '')}.md`);
  if (existsSync(path) && !isAsWritten(readFileSync(path, 'utf8'))) {
    if (!overwrite)
      throw new BenchtopError({
        code: 'conflict',
        what: `${path} was changed since it was written, or is not a card of Benchtop.`,
        next: 'Keep it elsewhere first, or say that it may be written over.',
      });
    if ((await isCommitted(path)) === false)
      throw new BenchtopError({
        code: 'conflict',
        what: `${path} was changed, and the change is in no commit: written over, it would be lost.`,
        next: 'Commit it first, or keep it elsewhere.',
      });
  }
  mkdirSync(directory, { recursive: true });
  const fresh = `${path}.${randomBytes(4).toString('hex')}`;
  writeFileSync(fresh, `${markdown}\n<!-- benchtop ${sha256(markdown)} -->\n`);
  renameSync(fresh, path);
  return path;
}

function isAsWritten(text: string): boolean {
  const [, hash] = mark.exec(text) ?? [];
  return hash === sha256(text.replace(mark, ''));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
