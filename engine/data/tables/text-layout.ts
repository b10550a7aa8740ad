import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { brokenGzip } from './whole-gzip.ts';

/** How a text table is written. */
export interface TextLayout {
  readonly delimiter: string;
  readonly hasHeader: boolean;
  /** Each once; a column without a name is called by its place. Empty for an empty file. */
  readonly names: readonly string[];
}

/** So much of a file's beginning decides, in bytes. */
const headBytes = 256 * 1024;
const delimiters = [',', ';', '\t', '|'] as const;

/**
 * Finds out how a text table is written, from its beginning alone: the delimiter that cuts its lines into the same number of
 * cells, and whether its first line holds names, which it does unless a number stands in it. DuckDB's own sniffer is not
 * asked: it passes over lines that do not fit, and decides anew for every version of a file.
 */
export async function textLayout(path: string, isGzip: boolean): Promise<TextLayout> {
  const { text, isWhole } = await headOf(path, isGzip);
  if (text.trim() === '') return { delimiter: ',', hasHeader: false, names: [] };
  const tried = delimiters.map((delimiter) => ({
    delimiter,
    records: readRecords(text, delimiter, isWhole),
  }));
  const byWidth = tried.toSorted((a, b) => (b.records[0]?.length ?? 0) - (a.records[0]?.length ?? 0));
  const isFitting = ({ records }: (typeof tried)[number]) =>
    (records[0]?.length ?? 0) > 1 && records.every((record) => record.length === records[0]?.length);
  // Where none fits, the first line decides, and the line that breaks with it is told.
  const best = byWidth.find(isFitting) ?? byWidth[0];
  const first = best?.records[0] ?? [];
  const hasHeader = first.every((cell) => !isNumber(cell)) && first.some((cell) => cell !== '');
  return {
    delimiter: best?.delimiter ?? ',',
    hasHeader,
    names: eachOnce(first.map((cell, at) => (hasHeader && cell !== '' ? cell : `column${at + 1}`))),
  };
}

async function headOf(path: string, isGzip: boolean): Promise<{ text: string; isWhole: boolean }> {
  const file = createReadStream(path);
  const source = isGzip ? file.pipe(createGunzip()) : file;
  file.on('error', (error) => source.destroy(error));
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const part of source as AsyncIterable<Buffer>) {
      parts.push(part);
      sizeBytes += part.length;
      if (sizeBytes >= headBytes) break;
    }
  } catch (error) {
    throw brokenGzip(error, sizeBytes);
  }
  file.destroy();
  const head = Buffer.concat(parts);
  const nul = head.indexOf(0);
  if (nul >= 0) throw new Error(`Invalid text: byte ${nul + 1} is NUL, which no text table holds.`);
  return {
    text: head.toString('utf8').replace(/^\uFEFF/, ''),
    isWhole: sizeBytes < headBytes,
  };
}

/** Records as RFC 4180 has them; blank lines are none. The last one of a part may be cut and is left out. */
export function readRecords(text: string, delimiter: string, isWhole: boolean): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endRecord = () => {
    if (record.length > 0 || cell !== '') records.push([...record, cell]);
    record = [];
    cell = '';
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (char === '"' && cell === '') isQuoted = true;
    else if (char === delimiter) {
      record.push(cell);
      cell = '';
    } else if (char === '\n' || char === '\r') endRecord();
    else cell += char;
  }
  if (isWhole || records.length === 0) endRecord();
  return records;
}

const isNumber = (cell: string): boolean => cell.trim() !== '' && Number.isFinite(Number(cell));

/** The second `a` becomes `a_1`. */
function eachOnce(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let own = name;
    for (let count = 1; taken.has(own); count++) own = `${name}_${count}`;
    taken.add(own);
    return own;
  });
}
