/**
 * A value of a configuration as a param of a run or as a word of a command: text as it is, a date as TOML writes it, a number
 * that JSON has no word for by its name, everything else as JSON.
 */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return JSON.stringify(value);
}

/** The values in a configuration by dotted paths, `train.lr`; lists are one value. `name` stands before all of them. */
export function flatValues(name: string, value: unknown): [path: string, text: string][] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatValues(name === '' ? key : `${name}.${key}`, inner),
    );
  }
  return [[name, valueText(value)]];
}
