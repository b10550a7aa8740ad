import type { RowMetric } from './row-metric.ts';

/**
 * The area under the ROC curve: how often a row of the class is scored above one that is not, ties by half (the statistic of Mann and
 * Whitney, in one pass over the rows in the order of their scores).
 */
export function rankMetric(isPositive: Uint8Array, scores: Float64Array): RowMetric {
  const rowCount = scores.length;
  const order = Uint32Array.from({ length: rowCount }, (_, row) => row).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  );

  /** Walks the groups of equal scores from below; `visit` is told what lies below a group and in it. */
  function walk(
    weights: Uint32Array | null,
    visit: (from: number, to: number, positives: number, negatives: number, negativesBelow: number) => void,
  ): { positives: number; negatives: number } {
    let positives = 0;
    let negatives = 0;
    for (let from = 0; from < rowCount;) {
      const score = scores[order[from] ?? 0];
      let to = from;
      let ownPositives = 0;
      let ownNegatives = 0;
      for (; to < rowCount && scores[order[to] ?? 0] === score; to++) {
        const row = order[to] ?? 0;
        const weight = weights === null ? 1 : (weights[row] ?? 0);
        if (isPositive[row] === 1) ownPositives += weight;
        else ownNegatives += weight;
      }
      visit(from, to, ownPositives, ownNegatives, negatives);
      positives += ownPositives;
      negatives += ownNegatives;
      from = to;
    }
    return { positives, negatives };
  }

  function wins(weights: Uint32Array | null) {
    let won = 0;
    const counts = walk(weights, (_from, _to, ownPositives, ownNegatives, negativesBelow) => {
      won += ownPositives * (negativesBelow + ownNegatives / 2);
    });
    return { won, ...counts };
  }

  return {
    rowCount,
    over(weights) {
      const { won, positives, negatives } = wins(weights);
      return won / (positives * negatives);
    },
    leavingOut() {
      const { won, positives, negatives } = wins(null);
      const without = new Float64Array(rowCount);
      let positivesBelow = 0;
      walk(null, (from, to, ownPositives, ownNegatives, negativesBelow) => {
        const ofPositive = (won - negativesBelow - ownNegatives / 2) / ((positives - 1) * negatives);
        const above = positives - positivesBelow - ownPositives;
        const ofNegative = (won - above - ownPositives / 2) / (positives * (negatives - 1));
        for (let at = from; at < to; at++) {
          const row = order[at] ?? 0;
          without[row] = isPositive[row] === 1 ? ofPositive : ofNegative;
        }
        positivesBelow += ownPositives;
      });
      return without;
    },
  };
}
