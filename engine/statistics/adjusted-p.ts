/**
 * Benjamini and Hochberg (1995): each probability as the smallest share of false discoveries at which it would count as one. Of many
 * hypotheses that all hold, one falls at 5 % in at most 5 % of the cases.
 */
export function adjustedP(values: readonly number[]): number[] {
  const order = [...values.keys()].toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const adjusted: number[] = values.map(() => 1);
  let least = 1;
  for (const [index, at] of order.entries()) {
    least = Math.min(least, ((values[at] ?? 1) * values.length) / (values.length - index));
    adjusted[at] = least;
  }
  return adjusted;
}
