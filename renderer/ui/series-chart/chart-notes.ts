import { beyondRange, describeBeyond, worstBeyond } from './beyond-range.ts';
import type { ChartAxis, Range, YScaleKind } from './chart-series.ts';
import { describeGaps } from './gap-spans.ts';
import { countNotAboveZero, describeNonFinite, nonFiniteRanges } from './non-finite.ts';
import type { PlotLine } from './plot-line.ts';
import type { PlotScale } from './plot-scale.ts';
import { runColours } from './run-colours.ts';

/** A sentence under the chart about what the drawing cannot show by itself. */
export type ChartNote = {
  kind: 'not-finite' | 'not-above-zero' | 'colours-repeat' | 'stood-still';
  text: string;
  /** Of the line it is about, where there are several. */
  colourIndex: number | null;
};

/** Lines named one by one before the rest is counted. */
const namedLines = 3;

/** What is not drawn and why, and what colours mean past ten: nothing is left out in silence. */
export function chartNotes(
  lines: readonly PlotLine[],
  x: Range,
  yKind: YScaleKind,
  axis: ChartAxis,
): ChartNote[] {
  const span = x[1] - x[0];
  const broken = lines
    .map((line) => ({ line, ranges: nonFiniteRanges(line, x) }))
    .filter(({ ranges }) => ranges.length > 0);
  const notes: ChartNote[] = broken.slice(0, namedLines).map(({ line, ranges }) => {
    const text = ranges.map((range) => describeNonFinite(range, axis, span)).join('; ');
    if (lines.length === 1) return { kind: 'not-finite', text, colourIndex: null };
    return { kind: 'not-finite', text: `${line.label}: ${text}`, colourIndex: line.colourIndex };
  });
  const rest = broken
    .slice(namedLines)
    .reduce((sum, { ranges }) => sum + ranges.reduce((all, { count }) => all + count, 0), 0);
  if (rest > 0) {
    const text = `${rest} more not finite in ${broken.length - namedLines} other lines`;
    notes.push({ kind: 'not-finite', text, colourIndex: null });
  }
  if (yKind === 'log') {
    const hidden = lines.reduce((sum, line) => sum + countNotAboveZero(line, x), 0);
    if (hidden > 0) {
      const text = `${hidden} at or below 0, not shown on a log axis`;
      notes.push({ kind: 'not-above-zero', text, colourIndex: null });
    }
  }
  const gaps = axis === 'time' ? describeGaps(lines, x) : null;
  if (gaps !== null) notes.push({ kind: 'stood-still', text: gaps, colourIndex: null });
  if (lines.length > runColours.length) {
    const text = `${lines.length} lines; past ${runColours.length}, colours repeat with dashes`;
    notes.push({ kind: 'colours-repeat', text, colourIndex: null });
  }
  return notes;
}

/** What a picture must say beside the notes once it has left the window: smoothing, and points past its edges. */
export function pictureNotes(
  lines: readonly PlotLine[],
  scale: PlotScale,
  axis: ChartAxis,
  smoothing: number,
): string[] {
  const clusters = beyondRange(lines, scale, scale.width);
  const edges = (['above', 'below'] as const).map((edge) => worstBeyond(clusters, edge));
  const beyond = edges.flatMap((found) =>
    found ? [describeBeyond(found, axis, scale.x[1] - scale.x[0])] : [],
  );
  return smoothing > 0 ? [`smoothed ${smoothing}, as recorded in the background`, ...beyond] : beyond;
}
