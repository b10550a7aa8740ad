/**
 * Places labels as near as can be to where they want to be, at least `gap` apart, inside [low, high], in the order of what
 * they want. Returns the places in the order given. Where they cannot all fit they are spaced evenly.
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  const spacing = Math.min(gap, order.length > 1 ? (high - low) / (order.length - 1) : gap);
  // Blocks of touching labels share one offset: the mean of what their members want (pool adjacent violators).
  const blocks: { sum: number; size: number }[] = [];
  for (const [rank, at] of order.entries()) {
    blocks.push({ sum: (wanted[at] ?? 0) - rank * spacing, size: 1 });
    for (let last = blocks.at(-1), before = blocks.at(-2); last && before && mean(before) > mean(last);) {
      before.sum += last.sum;
      before.size += last.size;
      blocks.pop();
      last = blocks.at(-1);
      before = blocks.at(-2);
    }
  }
  const places: number[] = Array.from({ length: wanted.length }, () => 0);
  let rank = 0;
  for (const block of blocks) {
    for (let member = 0; member < block.size; member++, rank++) {
      const at = order[rank] ?? 0;
      const lowest = low + rank * spacing;
      const highest = high - (order.length - 1 - rank) * spacing;
      places[at] = Math.min(Math.max(mean(block) + rank * spacing, lowest), highest);
    }
  }
  return places;
}

function mean(block: { sum: number; size: number }): number {
  return block.sum / block.size;
}
