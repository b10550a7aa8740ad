import { numberAt, valueOf } from './number-at.ts';

const maxDepth = 5;
const pythonEntry = /['"]([^'"]{1,200})['"]\s*:\s*/g;
const wholeNumber = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf(?:inity)?)$/i;

/** The numbers of an object printed on one line; nested names are joined with `/`. */
export interface StructuredLine {
  readonly numbers: [name: string, value: number, text: string][];
  /** Names of all entries on the top level, numbers or not. */
  readonly names: ReadonlySet<string>;
  readonly kind: 'json' | 'python';
}

/** Reads a line that is one JSON object or the repr of a Python dict; null for any other. */
export function structuredLine(line: string): StructuredLine | null {
  if (!line.startsWith('{') || !line.endsWith('}')) return null;
  const object = parsedObject(line);
  if (object !== null) {
    const numbers: [string, number, string][] = [];
    collect(object, '', 0, numbers);
    return { numbers, names: new Set(Object.keys(object)), kind: 'json' };
  }
  return pythonDict(line);
}

function parsedObject(line: string): object | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    if (!line.startsWith('{"') || !/NaN|Infinity/.test(line)) return null;
  }
  try {
    // Python's json.dumps writes NaN and Infinity, which JSON does not have.
    const quoted = line.replaceAll(/([:,[]\s*)(-?(?:NaN|Infinity))(?=\s*[,}\]])/g, '$1"\u0000$2"');
    return JSON.parse(quoted) as object;
  } catch {
    return null;
  }
}

function collect(value: object, prefix: string, depth: number, into: [string, number, string][]): void {
  for (const [key, entry] of Object.entries(value) as [string, unknown][]) {
    const name = prefix === '' ? key : `${prefix}/${key}`;
    if (typeof entry === 'number') into.push([name, entry, String(entry)]);
    else if (typeof entry === 'string' && entry.startsWith('\u0000'))
      into.push([name, valueOf(entry.slice(1)), entry.slice(1)]);
    else if (typeof entry === 'object' && entry !== null && !Array.isArray(entry) && depth < maxDepth)
      collect(entry, name, depth + 1, into);
  }
}

function pythonDict(line: string): StructuredLine | null {
  const numbers: [string, number, string][] = [];
  const names = new Set<string>();
  pythonEntry.lastIndex = 0;
  for (let match = pythonEntry.exec(line); match !== null; match = pythonEntry.exec(line)) {
    const name = match[1] ?? '';
    names.add(name);
    const at = pythonEntry.lastIndex;
    const quote = line[at];
    if (quote === "'" || quote === '"') {
      const end = line.indexOf(quote, at + 1);
      if (end < 0) return null;
      const text = line.slice(at + 1, end);
      if (wholeNumber.test(text)) numbers.push([name, valueOf(text), text]);
      pythonEntry.lastIndex = end + 1;
      continue;
    }
    const number = numberAt(line, at);
    if (number !== null && !number.isPercent) numbers.push([name, number.value, number.text]);
  }
  return names.size === 0 ? null : { numbers, names, kind: 'python' };
}
