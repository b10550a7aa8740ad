/**
 * Does the same work on every side in turn, A B A B …, so that whatever else the machine does meets all of them.
 * Each side answers with its sample; one round before the first is thrown away (caches, compilation).
 */
export async function alternate<Side extends string>(
  rounds: number,
  sides: Readonly<Record<Side, () => Promise<number>>>,
): Promise<Record<Side, number[]>> {
  const entries = Object.entries(sides) as [Side, () => Promise<number>][];
  const samples = Object.fromEntries(entries.map(([side]) => [side, []])) as unknown as Record<
    Side,
    number[]
  >;
  for (let round = -1; round < rounds; round++) {
    for (const [side, work] of entries) {
      const sample = await work();
      if (round >= 0) samples[side].push(sample);
    }
  }
  return samples;
}
