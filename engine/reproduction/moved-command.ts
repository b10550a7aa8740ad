import { join, relative } from 'node:path';
import { isWithin } from '../is-within.ts';

/**
 * A command with every mention of a folder pointed at another one, within the words of a shell too, so that it neither reads
 * nor writes below the first. Paths below `kept` stay, such as those of an interpreter that is used where it lies.
 */
export function movedCommand(
  command: readonly string[],
  { from, to, kept }: { from: string; to: string; kept: readonly string[] },
): string[] {
  // A path goes on until something that a path in a command line seldom holds.
  const mention = new RegExp(`${escaped(from)}(?=$|[/\\s"';:,)])(?:/[^\\s"';:,)]*)?`, 'g');
  return command.map((word) =>
    word.replaceAll(mention, (path) =>
      kept.some((folder) => isWithin(folder, path)) ? path : join(to, relative(from, path)),
    ),
  );
}

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
