import type { RunGap } from '../../../contract/index.ts';
import { formatDuration } from '../format-duration.ts';
import { formatMoment } from './format-value.ts';
import type { PlotLine } from './plot-line.ts';
import { pixelOfX, type PlotScale } from './plot-scale.ts';

/** The hairlines are seen through it. */
export const gapOpacity = 0.5;

/** A gap is at least so wide, in CSS pixels: a short one must not vanish. */
const leastWidth = 2;

/** The stretches of the plot, in CSS pixels, in which a line's run stood still; each stretch once, however many lines share it. */
export function gapSpans(lines: readonly PlotLine[], scale: PlotScale): { left: number; width: number }[] {
  const spans: { left: number; width: number }[] = [];
  for (const { from, to } of gapsInOrder(lines)) {
    if ((to ?? Infinity) < scale.x[0] || from > scale.x[1]) continue;
    const left = Math.max(scale.left, pixelOfX(scale, Math.max(from, scale.x[0])));
    const right = pixelOfX(scale, Math.min(to ?? Infinity, scale.x[1]));
    const last = spans.at(-1);
    const width = Math.max(leastWidth, right - left);
    if (last !== undefined && left <= last.left + last.width)
      last.width = Math.max(last.width, left + width - last.left);
    else spans.push({ left, width });
  }
  return spans;
}

/** "paused 12 m at 14:05; asleep 1 h 2 m at 15:00": what the shaded stretches of a range are. Null where there are none. */
export function describeGaps(lines: readonly PlotLine[], x: readonly [number, number]): string | null {
  const gaps = gapsInOrder(lines).filter(({ from, to }) => (to ?? Infinity) >= x[0] && from <= x[1]);
  if (gaps.length === 0) return null;
  const told = gaps.slice(0, 3).map(({ from, to, why }) => {
    const length = to === null ? '' : ` ${formatDuration(to - from)}`;
    return `${why}${length} at ${formatMoment(from, x[1] - x[0])}`;
  });
  const rest = gaps.length - told.length;
  return `Shaded: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

function gapsInOrder(lines: readonly PlotLine[]): RunGap[] {
  const all = new Map(
    lines.flatMap(({ gaps }) => gaps.map((gap) => [`${gap.from} ${gap.to} ${gap.why}`, gap])),
  );
  return [...all.values()].toSorted((one, other) => one.from - other.from);
}
