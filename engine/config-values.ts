/** A value of a configuration as a param of a run or as a word of a command: text as it is, everything else as JSON. */
export const valueText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** The values in a configuration by dotted paths, `train.lr`; lists are one value. `name` stands before all of them. */
export function flatValues(name: string, value: unknown): [path: string, text: string][] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flatValues(name === '' ? key : `${name}.${key}`, inner),
    );
  }
  return [[name, valueText(value)]];
}
