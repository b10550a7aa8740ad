import { valueOf } from './number-at.ts';

const maxDepth = 5;
/** Stands before a NaN or an infinity, which JSON does not have and Python's json.dumps writes all the same. */
const mark = '\u0000';

/** What a JSON text of Python's says; undefined for anything else. NaN and infinities are texts behind a mark. */
export function pythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (!/NaN|Infinity/.test(text)) return undefined;
  }
  try {
    return JSON.parse(text.replaceAll(/([:,[]\s*)(-?(?:NaN|Infinity))(?=\s*[,}\]])/g, `$1"\\u0000$2"`));
  } catch {
    return undefined;
  }
}

/** The numbers in an object read by `pythonJson`, each with its text; names of objects inside objects are joined by `/`. */
export function numbersIn(object: object): [name: string, value: number, text: string][] {
  const found: [string, number, string][] = [];
  collect(object, '', 0, found);
  return found;
}

function collect(value: object, prefix: string, depth: number, into: [string, number, string][]): void {
  for (const [key, entry] of Object.entries(value) as [string, unknown][]) {
    const name = prefix === '' ? key : `${prefix}/${key}`;
    if (typeof entry === 'number') into.push([name, entry, String(entry)]);
    else if (typeof entry === 'string' && entry.startsWith(mark))
      into.push([name, valueOf(entry.slice(1)), entry.slice(1)]);
    else if (typeof entry === 'object' && entry !== null && !Array.isArray(entry) && depth < maxDepth)
      collect(entry, name, depth + 1, into);
  }
}
