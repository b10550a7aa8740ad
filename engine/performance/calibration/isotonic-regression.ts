/** A rising curve through scores and labels: the knots of straight pieces. */
export interface IsotonicCurve {
  readonly scores: Float64Array;
  readonly shares: Float64Array;
}

/** Scores closer than this are one, as scikit-learn has it. */
const sameWithin = 1e-15;

/**
 * Of all curves that never fall the one with the least squares to the labels (pool adjacent violators; Barlow and others, 1972), as
 * scikit-learn's `IsotonicRegression(out_of_bounds='clip')`.
 * @param order the places of rows, by ascending score
 */
export function isotonicCurve(order: Uint32Array, scores: Float64Array, labels: Uint8Array): IsotonicCurve {
  const knots: { score: number; sum: number; weight: number }[] = [];
  for (const row of order) {
    const score = scores[row] ?? 0;
    const last = knots.at(-1);
    if (last === undefined || score - last.score >= sameWithin)
      knots.push({ score, sum: labels[row] ?? 0, weight: 1 });
    else {
      last.sum += labels[row] ?? 0;
      last.weight++;
    }
  }
  const blocks: { sum: number; weight: number; knots: number }[] = [];
  for (const { sum, weight } of knots) {
    let block = { sum, weight, knots: 1 };
    for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
      if (before.sum / before.weight < block.sum / block.weight) break;
      blocks.pop();
      block = {
        sum: before.sum + block.sum,
        weight: before.weight + block.weight,
        knots: before.knots + block.knots,
      };
    }
    blocks.push(block);
  }
  return {
    scores: Float64Array.from(knots, ({ score }) => score),
    shares: Float64Array.from(
      blocks.flatMap((block) => Array<number>(block.knots).fill(block.sum / block.weight)),
    ),
  };
}

/** The height of a curve at a score; beyond its ends that of the end. */
export function heightAt({ scores, shares }: IsotonicCurve, score: number): number {
  const last = scores.length - 1;
  if (score <= (scores[0] ?? 0)) return shares[0] ?? 0;
  if (score >= (scores[last] ?? 0)) return shares[last] ?? 0;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const between = (low + high) >> 1;
    if ((scores[between] ?? 0) < score) low = between;
    else high = between;
  }
  const [x, y] = [scores[low] ?? 0, shares[low] ?? 0];
  const slope = ((shares[high] ?? 0) - y) / ((scores[high] ?? 0) - x);
  return slope * (score - x) + y;
}
