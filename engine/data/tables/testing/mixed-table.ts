import { seededRandom } from '../../../statistics/index.ts';

/** CSV with a column of each kind that peers tell apart; `shift` moves all of them, and some cells are empty. */
export function mixedTable(seed: number, rows: number, shift: number): string {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.share())) * Math.cos(2 * Math.PI * random.share());
  const word = (count: number) => `w${Math.floor(count * random.share() ** (1 + shift))}`;
  const columns: Record<string, () => string | number> = {
    normal: () => normal() + shift,
    skewed: () => Math.exp(normal() + shift),
    holes: () => (random.share() < 0.1 + shift / 10 ? '' : normal() - shift),
    two: () => Number(random.share() < 0.5 + shift / 4) + 0.5,
    four: () => random.index(4) / 2,
    grade: () => Math.min(8, random.index(6) + Math.round(shift)),
    code: () => random.index(30) + Math.round(3 * shift),
    gaps: () => (random.share() < 0.05 ? '' : random.index(9)),
    large: () => 1e9 + Math.round(1e6 * (normal() + shift)),
    yes: () => (random.share() < 0.4 + shift / 5 ? 'True' : 'False'),
    pair: () => (random.share() < 0.3 + shift / 10 ? 'in' : 'out'),
    town: () => word(12),
    rare: () => (random.share() < 0.1 ? '' : word(60)),
    same: () => 7.5,
    note: () => `n${random.index(1e9)}`,
  };
  const lines = Array.from({ length: rows }, () =>
    Object.values(columns)
      .map((draw) => draw())
      .join(','),
  );
  return `${Object.keys(columns).join(',')}\n${lines.join('\n')}\n`;
}
