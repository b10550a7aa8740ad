import { filterTokens } from './filter-tokens.ts';
import { invalid } from './mlflow-error.ts';

/** One entry of `order_by`: an identifier with its dots and quotes, then perhaps ASC or DESC. */
export function parseOrderBy(clause: string): { identifier: string; isDescending: boolean } {
  const [identifier, direction, ...more] = filterTokens(clause);
  if (
    identifier?.kind !== 'identifier' ||
    more.length > 0 ||
    (direction !== undefined && direction.kind !== 'identifier')
  )
    throw invalid(`Invalid order_by clause '${clause}'. Could not be parsed.`);
  const word = direction?.text.toLowerCase() ?? 'asc';
  if (word !== 'asc' && word !== 'desc')
    throw invalid(`Invalid ordering key in order_by clause '${clause}'.`);
  return { identifier: identifier.text, isDescending: word === 'desc' };
}

/** MLflow answers the same field named twice with an internal error; here it is the request's. */
export function refuseDuplicates(keys: readonly string[], clauses: readonly string[]): void {
  if (new Set(keys).size < keys.length)
    throw invalid(
      `\`order_by\` contains duplicate fields: [${clauses.map((clause) => `'${clause}'`).join(', ')}]`,
    );
}
