import { asciiJson } from '../python-json.ts';

/** How Python writes values, for error texts that a client may compare with MLflow's. */

/** `repr` of a string. */
export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = Array.from(text, (character) => {
    if (character === '\\' || character === quote) return `\\${character}`;
    if (character === '\n') return '\\n';
    if (character === '\r') return '\\r';
    if (character === '\t') return '\\t';
    const code = character.codePointAt(0) ?? 0;
    return code < 32 || code === 127 ? `\\x${code.toString(16).padStart(2, '0')}` : character;
  });
  return quote + escaped.join('') + quote;
}

/** `repr` of a tuple of strings. */
export const reprTuple = (texts: readonly string[]): string =>
  `(${texts.map(reprString).join(', ')}${texts.length === 1 ? ',' : ''})`;

/** `repr` of bytes. */
export function reprBytes(bytes: Uint8Array): string {
  const text = reprString(String.fromCharCode(...bytes.subarray(0, 1000)));
  return `b${text.replaceAll(/[\u0080-\u00ff]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`)}`;
}

/** `str` of a float: integers keep their `.0`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '', exponent] = String(value).split('e');
  if (exponent !== undefined) {
    const digits = exponent.replace(/^[+-]/, '').padStart(2, '0');
    return `${mantissa}e${exponent.startsWith('-') ? '-' : '+'}${digits}`;
  }
  if (Number.isInteger(value))
    return Math.abs(value) >= 1e16 ? floatText(Number(value.toPrecision(17))) : `${mantissa}.0`;
  return mantissa;
}

/** Deeper values are cut short: they are shown to a person, and could be nested without end. */
const maxDepth = 50;

/** `json.dumps(value, sort_keys=True, separators=(',', ':'))`: keys sorted, everything beyond ASCII escaped. */
export function jsonText(value: unknown, depth = 0): string {
  if (depth > maxDepth) return '...';
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item, depth + 1)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${jsonText(key)}:${jsonText(item, depth + 1)}`).join(',')}}`;
  }
  return asciiJson(value);
}

/** `type(value).__name__` of a value that came as JSON. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'str' : 'dict';
}
