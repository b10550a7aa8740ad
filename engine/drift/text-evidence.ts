import { chiSquareTest } from '../statistics/index.ts';
import { changeText, type ColumnEvidence } from './column-evidence.ts';
import { numberEvidence } from './number-evidence.ts';

/** A text column of one side, summed up. */
export interface TextSample {
  /** Characters of each text. */
  readonly lengths: Float64Array;
  /** In how many of the texts a word comes; of the words that are most frequent in both sides together. */
  readonly words: ReadonlyMap<string, number>;
}

/**
 * What two samples of texts say of each other: by how long they are, and by the words in them. Each frequent word is held against the
 * share of texts that have it; of so many probabilities the least counts as often as there are (Bonferroni), words of one text being
 * anything but independent.
 */
export function textEvidence(reference: TextSample, current: TextSample): ColumnEvidence {
  const lengths = numberEvidence(
    { reference: reference.lengths, current: current.lengths },
    'kolmogorov-smirnov',
  );
  const [n, m] = [reference.lengths.length, current.lengths.length];
  const words = [...new Set([...reference.words.keys(), ...current.words.keys()])].map((word) => {
    const before = reference.words.get(word) ?? 0;
    const now = current.words.get(word) ?? 0;
    const { p } = chiSquareTest({
      reference: Float64Array.of(before, n - before),
      current: Float64Array.of(now, m - now),
    });
    return { word, before: before / n, now: now / m, p };
  });
  const tests = words.length + 1;
  const likeliest = words.reduce<(typeof words)[number] | null>(
    (least, word) => (least === null || word.p < least.p ? word : least),
    null,
  );
  const ofLengths = Math.min(1, lengths.test.p * 2);
  const ofWords = likeliest === null ? 1 : Math.min(1, likeliest.p * (tests - 1) * 2);
  if (likeliest === null || ofWords >= ofLengths)
    return {
      ...lengths,
      kind: 'text',
      test: { ...lengths.test, name: 'kolmogorov-smirnov of lengths, chi-square of words', p: ofLengths },
      about: `of the lengths, ${lengths.about}`,
    };
  return {
    ...lengths,
    kind: 'text',
    test: { ...lengths.test, name: 'kolmogorov-smirnov of lengths, chi-square of words', p: ofWords },
    moved: Math.max(lengths.moved, Math.abs(likeliest.now - likeliest.before)),
    about: `the share of texts with "${likeliest.word}" ${changeText(likeliest.before, likeliest.now)}`,
  };
}
