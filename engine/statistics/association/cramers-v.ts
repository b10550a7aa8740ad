/**
 * Cramér's V of two columns of categories, 0 to 1, without correction for bias, over the places at which both hold one; NaN where a side
 * has fewer than two of them. `scipy.stats.contingency.association(method='cramer')`.
 * @param a for each row the place of its category, from 0 on; negative for none
 */
export function cramersV(a: Int32Array, b: Int32Array): number {
  const width = Math.max(0, ...b) + 1;
  const cells = new Map<number, number>();
  const [rows, columns] = [new Map<number, number>(), new Map<number, number>()];
  let n = 0;
  const add = (counts: Map<number, number>, key: number) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let at = 0; at < a.length; at++) {
    const [x, y] = [a[at] ?? -1, b[at] ?? -1];
    if (x < 0 || y < 0) continue;
    add(cells, x * width + y);
    add(rows, x);
    add(columns, y);
    n++;
  }
  const least = Math.min(rows.size, columns.size) - 1;
  if (least < 1) return Number.NaN;
  // The sum over all cells of observed² / expected, less n, is chi-square; cells without a row add nothing to it.
  let sum = 0;
  for (const [cell, count] of cells)
    sum += count ** 2 / ((rows.get(Math.floor(cell / width)) ?? 0) * (columns.get(cell % width) ?? 0));
  return Math.sqrt(Math.max(0, sum - 1) / least);
}
