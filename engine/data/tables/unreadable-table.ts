import { basename } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';

/** What DuckDB says of a file it cannot read is about that file, and no defect of ours; any other error is left as it is. */
export function unreadableTable(error: unknown, name: string): unknown {
  const message = error instanceof Error ? error.message : '';
  const isOutOfSpace = /Out of Memory Error|No space left|max_temp_directory_size/.test(message);
  if (error instanceof BenchtopError) return error;
  if (!isOutOfSpace && !/^(Invalid Input|Conversion|IO|Invalid|Not implemented|TProtocol)/i.test(message))
    return error;
  return new BenchtopError(
    {
      code: isOutOfSpace ? 'too-large' : 'unsupported',
      what: isOutOfSpace
        ? 'The table does not fit into the memory and the disk space that reading it may take.'
        : `${name} cannot be read as a table.`,
      evidence: textError(message) ?? evidenceOf(message),
    },
    { cause: error },
  );
}

const charactersAtMost = 500;
/** A line that cannot be read may be the rest of the file. */
const lineCharacters = 80;

/** Where a text table breaks, why, and how its line begins; null for another error. */
function textError(message: string): string | null {
  const [, line, rest] = /CSV Error on Line: (\d+)\nOriginal Line: ?([^]*)/.exec(message) ?? [];
  if (line === undefined || rest === undefined) return null;
  const [told = ''] = rest.split(/\n\s*Possible/);
  const lines = told.trimEnd().split('\n');
  const why = lines.pop() ?? '';
  const [begin = ''] = lines;
  return `Line ${line}: ${why} It begins with ${begin.slice(0, lineCharacters)}`;
}

/** DuckDB's first words, without advice for people who write queries. */
function evidenceOf(message: string): string {
  const [told = ''] = message.split(/\n\s*(?:Possible|file = |See also|LINE 1)/);
  return told
    .replaceAll(/\S*\/([0-9a-f]{64})\S*/g, (_, id: string) => basename(id).slice(0, 12))
    .trim()
    .slice(0, charactersAtMost);
}
