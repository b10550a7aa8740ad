const stepsMs = [
  10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 43_200_000, 86_400_000,
];

/** Round moments from 0 up to `spanMs`, at most `most` and one of them: 0, 10 s, 20 s, … */
export function timeTicks(spanMs: number, most: number): number[] {
  const days = 86_400_000;
  const step = stepsMs.find((each) => spanMs / each <= most) ?? Math.ceil(spanMs / most / days) * days;
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, at) => at * step);
}

/** A tick as it is read on an axis: "0", "20 s", "1 m 30 s", "2 h". */
export function tickText(ms: number): string {
  if (ms === 0) return '0';
  if (ms < 1000) return `${ms} ms`;
  const units = [
    [Math.floor(ms / 86_400_000), 'd'],
    [Math.floor(ms / 3_600_000) % 24, 'h'],
    [Math.floor(ms / 60_000) % 60, 'm'],
    [(ms % 60_000) / 1000, 's'],
  ] as const;
  return units
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}
