/** A column of one side, in the order of its table, as a peer would have it. */
export type PeerSample =
  | {
      readonly kind: 'numbers';
      /** NaN where a cell is empty. */
      readonly values: Float64Array;
      /** Whole numbers by type; pandas has them as others where a cell is empty. */
      readonly isWhole: boolean;
    }
  | {
      readonly kind: 'words';
      readonly words: readonly string[];
      /** For each row the place of its word; of an empty cell a place at which there is none. */
      readonly codes: Uint32Array;
      /** True and false. */
      readonly isBoolean: boolean;
    };

/** How often each word comes; empty cells do not count. */
export function wordCounts({ words, codes }: Pick<PeerSample & { kind: 'words' }, 'words' | 'codes'>) {
  const counts = new Float64Array(words.length);
  for (const code of codes) if (code < counts.length) counts[code] = (counts[code] ?? 0) + 1;
  return new Map(words.flatMap((word, at) => (counts[at] === 0 ? [] : [[word, counts[at] ?? 0] as const])));
}

export function numberCounts(values: Float64Array): Map<string, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return new Map([...counts].map(([value, count]) => [String(value), count]));
}

/** Of the same categories on both sides, in any order. */
export function countPair(reference: ReadonlyMap<string, number>, current: ReadonlyMap<string, number>) {
  const names = [...new Set([...reference.keys(), ...current.keys()])];
  return {
    reference: Float64Array.from(names, (name) => reference.get(name) ?? 0),
    current: Float64Array.from(names, (name) => current.get(name) ?? 0),
  };
}
