import { numberAt, valueOf } from './number-at.ts';
import { numbersIn, pythonJson } from './python-json.ts';

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
  const object = pythonJson(line);
  if (typeof object === 'object' && object !== null)
    return { numbers: numbersIn(object), names: new Set(Object.keys(object)), kind: 'json' };
  return pythonDict(line);
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
