import { filterTokens, type Token } from './filter-tokens.ts';
import { invalid } from './mlflow-error.ts';

/** One entry of `order_by`: an identifier with its dots and quotes, then perhaps ASC or DESC. */
export function parseOrderBy(clause: string): { identifier: string; isDescending: boolean } {
  const [identifier, direction, ...more] = joined(filterTokens(clause), clause);
  if (
    identifier?.kind !== 'identifier' ||
    more.length > 0 ||
    (direction !== undefined && direction.kind !== 'identifier') ||
    clause !== clause.trim()
  )
    throw invalid(`Invalid order_by clause '${clause}'. Could not be parsed.`);
  const word = direction?.text.toLowerCase() ?? 'asc';
  if (word !== 'asc' && word !== 'desc')
    throw invalid(`Invalid ordering key in order_by clause '${clause}'.`);
  // A direction makes MLflow take every quote off the name.
  const name = direction === undefined ? identifier.text : identifier.text.replaceAll(/[`"']/g, '');
  return { identifier: name, isDescending: word === 'desc' };
}

/** `acc.top-1` is a name and a number to MLflow's parser too, but a direction behind them makes them one name. */
function joined(tokens: readonly Token[], clause: string): readonly Token[] {
  const [name, number, direction, ...more] = tokens;
  const isOneName =
    name?.kind === 'identifier' &&
    number?.kind === 'integer' &&
    number.start === name.start + name.text.length &&
    direction !== undefined &&
    more.length === 0;
  return isOneName
    ? [{ ...name, text: clause.slice(name.start, number.start + number.text.length) }, direction]
    : tokens;
}

/** MLflow answers the same field named twice with an internal error; here it is the request's. */
export function refuseDuplicates(keys: readonly string[], clauses: readonly string[]): void {
  if (new Set(keys).size < keys.length)
    throw invalid(
      `\`order_by\` contains duplicate fields: [${clauses.map((clause) => `'${clause}'`).join(', ')}]`,
    );
}
