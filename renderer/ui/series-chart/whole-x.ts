import { useState } from 'react';
import type { ChartAxis, Range } from './chart-series.ts';
import { isSameRange, roomAhead, xDomain } from './view-range.ts';

type Whole = { axis: ChartAxis; range: Range };

/** All of x that a chart knows of: what an unzoomed axis shows, and the bounds of zooming and panning. */
export function useWholeX(extent: Range | null, axis: ChartAxis, isLive: boolean, isZoomed: boolean): Range {
  const [known, setKnown] = useState<Whole | null>(null);
  const range = wholeX(known?.axis === axis ? known.range : null, extent, isLive, isZoomed);
  if (known?.axis !== axis || !isSameRange(known.range, range)) setKnown({ axis, range });
  return range;
}

/**
 * The whole x range after new data. A zoomed chart may hold columns of the zoomed part only, so its whole never shrinks. A
 * growing line gets room ahead that is kept until it is used up, so that the axis moves rarely.
 */
export function wholeX(known: Range | null, extent: Range | null, isLive: boolean, isZoomed: boolean): Range {
  if (!extent) return known ?? [0, 1];
  const fresh = xDomain(extent);
  if (isZoomed && known) return [Math.min(known[0], fresh[0]), Math.max(known[1], fresh[1])];
  if (!isLive) return fresh;
  const ahead = roomAhead(fresh);
  const stillFits =
    known !== null && known[0] === fresh[0] && fresh[1] <= known[1] && known[1] <= ahead[1] * 1.0001;
  return stillFits ? known : ahead;
}
