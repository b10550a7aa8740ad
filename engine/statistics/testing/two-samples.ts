import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { seededRandom, type SeededRandom } from '../seeded-random.ts';
import { andersonDarlingTest } from '../two-sample/anderson-darling.ts';
import { compareSorted } from '../two-sample/compare-sorted.ts';
import { countDistances } from '../two-sample/count-distances.ts';
import { chiSquareTest, twoProportionTest } from '../two-sample/count-tests.ts';
import { cramerVonMisesP } from '../two-sample/cramer-von-mises.ts';
import { kolmogorovSmirnovP } from '../two-sample/kolmogorov-smirnov.ts';

export type PairCase =
  | { readonly numbers: readonly [number[], number[]] }
  | { readonly counts: readonly [number[], number[]] };

/** A statistic, or a statistic and its probability. */
export type PairAnswer = Record<string, number | readonly [number, number]>;

/** Pairs of samples as data has them: tiny, unbalanced, with ties, constant, far apart, NaN, infinite and enormous among them. */
export function pairCases(count: number, seed: number): PairCase[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, at) =>
    at % 2 === 0 ? { numbers: numberPair(random, at) } : { counts: countPair(random) },
  );
}

const normal = (random: SeededRandom) =>
  Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());

function numberPair(random: SeededRandom, at: number): [number[], number[]] {
  // Now and then more than 10,000, where the limit takes over, beside few or many.
  const isLarge = at % 64 === 0;
  const size = () => 1 + random.index([6, 40, 40, 300, 1500][random.index(5)] ?? 1);
  const n = isLarge ? 10_001 + random.index(4000) : size();
  const m = isLarge
    ? 1 + random.index([30, 300, 3000, 14_000][random.index(4)] ?? 1)
    : random.share() < 0.25
      ? n
      : size();
  const shift = random.share() < 0.4 ? 0 : 10 ** (3 * random.share() - 2);
  const grain = [0, 0, 0.25, 1][random.index(4)] ?? 0;
  const scale = random.share() < 0.1 ? 1e-300 : random.share() < 0.1 ? 1e306 : 1;
  const isOdd = random.share() < 0.15;
  const draw = (offset: number) => {
    const value = normal(random) + offset;
    if (isOdd && random.share() < 0.1) return [Number.NaN, Infinity, -Infinity, 0, -0][random.index(5)] ?? 0;
    return (grain === 0 ? value : Math.round(value / grain) * grain) * scale;
  };
  const isConstant = random.share() < 0.05;
  const side = (length: number, offset: number) =>
    // At least one that is no NaN.
    [offset * scale, ...Array.from({ length: length - 1 }, () => (isConstant ? 3 * scale : draw(offset)))];
  const one = side(n, 0);
  const other = side(m, shift);
  return random.share() < 0.5 ? [one, other] : [other, one];
}

function countPair(random: SeededRandom): [number[], number[]] {
  const categories = 1 + random.index([2, 3, 12, 60][random.index(4)] ?? 1);
  const rows = 10 ** (1 + 4 * random.share());
  const drift = random.share() < 0.4 ? 0 : random.share();
  const shares = Array.from({ length: categories }, () => random.share() ** 3 + 0.001);
  const unbalanced = random.share() < 0.5 ? 1 : 10 ** (2 * random.share());
  const counts = (offset: number, of: number) =>
    shares.map((share) =>
      Math.max(0, Math.round(of * share * (1 + offset * (random.share() - 0.5)) + normal(random))),
    );
  const one = counts(0, rows);
  const other = counts(2 * drift, rows / unbalanced);
  // Rows there must be.
  one[0] = (one[0] ?? 0) + 1;
  other[0] = (other[0] ?? 0) + 1;
  return [one, other];
}

export function ownAnswer(made: PairCase): PairAnswer {
  if ('counts' in made) {
    const [reference, current] = made.counts.map((side) => Float64Array.from(side));
    if (reference === undefined || current === undefined) throw new Error('A pair has two sides.');
    const chi = chiSquareTest({ reference, current });
    const of = (side: Float64Array) => ({
      hits: side[0] ?? 0,
      of: side.reduce((sum, value) => sum + value, 0),
    });
    const z = twoProportionTest(of(reference), of(current));
    return {
      chiSquare: [chi.statistic, chi.p],
      z: [z.statistic, z.p],
      ...countDistances({ reference, current }),
    };
  }
  const [reference, current] = made.numbers.map((side) =>
    Float64Array.from(side.filter((value) => !Number.isNaN(value))).sort(),
  );
  if (reference === undefined || current === undefined) throw new Error('A pair has two sides.');
  const compared = compareSorted({ reference, current });
  const [n, m] = [reference.length, current.length];
  return {
    ks: [compared.distance, kolmogorovSmirnovP(compared.distance, n, m)],
    wasserstein: compared.wasserstein,
    ...(n + m > 3 && (reference[0] !== current.at(-1) || current[0] !== reference.at(-1))
      ? { andersonDarling: andersonDarlingTest({ reference, current }).statistic }
      : {}),
    ...(Math.min(n, m) > 1
      ? { cramerVonMises: [compared.cramerVonMises, cramerVonMisesP(compared, n, m)] as const }
      : {}),
  };
}

/** Asks SciPy about all of them in one process. */
export function peerAnswers(python: string, cases: readonly PairCase[]): PairAnswer[] {
  const written = (side: readonly number[]) => side.map(String);
  const output = execFileSync(python, [join(import.meta.dirname, 'two-samples.py')], {
    input: JSON.stringify(
      cases.map((made) => ('numbers' in made ? { numbers: made.numbers.map(written) } : made)),
    ),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, PYTHONWARNINGS: 'ignore', OPENBLAS_NUM_THREADS: '1' },
  });
  const read = (text: string) => Number(text.replace(/inf$/, 'Infinity').replace('nan', 'NaN'));
  return (JSON.parse(output) as Record<string, string | [string, string]>[]).map((answer) =>
    Object.fromEntries(
      Object.entries(answer).map(([name, value]) => [
        name,
        typeof value === 'string' ? read(value) : ([read(value[0]), read(value[1])] as const),
      ]),
    ),
  );
}

/**
 * What differs by more than 1e-12 of the statistic, or 1e-9 of the probability. What SciPy itself rounds away is left aside: a
 * divergence below 1e-13 (its root below 1e-6), a probability that SciPy takes as 1 less a sum, and digits of T and of Anderson and
 * Darling's statistic that cancel in its formula. Nothing finite stands against a distance between infinite values.
 */
export function differences(own: PairAnswer, peer: PairAnswer, made: PairCase): string[] {
  const names = new Set([...Object.keys(own), ...Object.keys(peer)]);
  const n = 'numbers' in made ? made.numbers[0].length + made.numbers[1].length : 0;
  return [...names].flatMap((name) => {
    const [ours, theirs] = [own[name], peer[name]].map((answer) =>
      typeof answer === 'number' ? [answer] : [...(answer ?? [])],
    );
    const rounded = {
      jensenShannon: 1e-6,
      hellinger: 1e-8,
      kullbackLeibler: 1e-13,
      populationStability: 1e-13,
      cramerVonMises: n * 1e-15,
      andersonDarling: n * 1e-14,
    }[name];
    const isClose = (a: number, b: number, at: number) => {
      if (Object.is(a, b) || a === b) return true;
      if (name === 'wasserstein' && Number.isNaN(a)) return !Number.isFinite(b);
      // Where rounding takes a probability of 1 above it, SciPy goes over to the limit.
      if (name === 'ks' && at === 1 && a === 1) return b > 0.999;
      const absolute = at === 0 ? (rounded ?? 0) : name === 'cramerVonMises' ? 1e-13 : 1e-307;
      return Math.abs(a - b) <= Math.max((at === 0 ? 1e-12 : 1e-9) * Math.abs(b), absolute);
    };
    return ours?.length === theirs?.length &&
      ours?.every((value, at) => isClose(value, theirs?.[at] ?? Number.NaN, at))
      ? []
      : [`${name}: ${ours?.join(', ')}, SciPy: ${theirs?.join(', ')}`];
  });
}
