import { BenchtopError } from './benchtop-error.ts';

/**
 * Reads `score`, the probability of the class that is looked for; or `cat=p_cat,dog=p_dog`, a column for each of several.
 * @throws {BenchtopError} `invalid-input` for a part that is no CLASS=COLUMN.
 */
export function probabilityColumns(text: string): string | Record<string, string> {
  if (!text.includes('=')) return text.trim();
  const parts = text.split(',').map((part) => {
    const at = part.indexOf('=');
    const [name, column] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at < 0 || name === '' || column === '')
      throw new BenchtopError({ code: 'invalid-input', what: `"${part.trim()}" is no CLASS=COLUMN.` });
    return [name, column] as const;
  });
  if (parts.length < 2)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'Of several classes each has its column: CLASS=COLUMN,CLASS=COLUMN.',
    });
  return Object.fromEntries(parts);
}
