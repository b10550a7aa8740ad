import { InvalidArgumentError } from 'commander';

/** Reads `score`, the probability of the class that is looked for; or `cat=p_cat,dog=p_dog`, a column for each of several. */
export function probabilityColumns(text: string): string | Record<string, string> {
  if (!text.includes('=')) return text;
  const parts = text.split(',').map((part) => {
    const at = part.indexOf('=');
    if (at <= 0 || at === part.length - 1) throw new InvalidArgumentError(`"${part}" is no CLASS=COLUMN.`);
    return [part.slice(0, at), part.slice(at + 1)] as const;
  });
  if (parts.length < 2)
    throw new InvalidArgumentError('Of several classes each has its column: CLASS=COLUMN,CLASS=COLUMN.');
  return Object.fromEntries(parts);
}
