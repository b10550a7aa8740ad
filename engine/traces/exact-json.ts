/** A value of JSON in which integers are told from other numbers and keep all their digits. */
export type ExactValue =
  | null
  | boolean
  | string
  | bigint
  | number
  | readonly ExactValue[]
  | { readonly [key: string]: ExactValue };

/** ES2025's `JSON.rawJSON` and the reviver's source text, which the compiler does not know yet. */
const exactParse = JSON.parse as (
  text: string,
  reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
) => unknown;
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** Parses JSON; an integer becomes a bigint, any other number a number. @throws {SyntaxError} */
export function parseExact(text: string): ExactValue {
  return exactParse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value,
  ) as ExactValue;
}

/** JSON with bigints as plain digits. */
export const exactJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? rawJson(String(item)) : item));

/**
 * `json.dumps(value, ensure_ascii=False)` of Python: spaces behind commas and colons, `1.0` for a float without a
 * fraction, NaN and Infinity as bare words. Filters compare with this text.
 */
export function pythonJson(value: ExactValue): string {
  if (typeof value === 'number') return pythonFloat(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`)
    .join(', ')}}`;
}

function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** Reads what `pythonJson` wrote; undefined for text that is no JSON. */
export function readPythonJson(text: string): ExactValue | undefined {
  if (text === 'NaN') return Number.NaN;
  if (text === 'Infinity' || text === '-Infinity') return Number(text);
  try {
    return parseExact(text);
  } catch {
    return undefined; // a text of the user's that only looks like JSON, or none
  }
}
