import { useCallback, useEffect, useId } from 'react';
import type { ChartAxis } from './chart-series.ts';
import type { Crosshair } from './crosshair.ts';
import { nearestLine, nextVisible, sampleAt, type Hit } from './nearest-line.ts';
import type { PlotLine } from './plot-line.ts';
import { xOfPixel, type PlotScale } from './plot-scale.ts';
import type { Scene, SceneStore } from './scene.ts';

/** What is pointed at, found again in new lines or under new axes; null where it is no longer in view. */
export function sameHit(before: Scene, lines: readonly PlotLine[], scale: PlotScale): Hit | null {
  const id = before.hit ? before.lines[before.hit.line]?.id : undefined;
  const line = id === undefined ? -1 : lines.findIndex((each) => each.id === id);
  const x = before.crosshairX;
  return line < 0 || x === null || x < scale.x[0] || x > scale.x[1] ? null : sampleAt(lines, line, scale, x);
}

/** Points at samples of a chart and keeps the shared crosshair in step, both ways. */
export function usePointing(scene: SceneStore, axis: ChartAxis, cursor: Crosshair | undefined) {
  const source = useId();

  const show = useCallback(
    (hit: Hit | null, x: number | null) => {
      const { lines } = scene.getState();
      const line = hit ? lines[hit.line] : undefined;
      const crosshairX = hit && line ? (line.xs[hit.at] ?? x) : x;
      scene.setState({ hit, crosshairX });
      if (!cursor) return;
      if (crosshairX !== null)
        cursor.setState({ place: { axis, x: crosshairX, seriesId: line?.id ?? null, source } });
      else if (cursor.getState().place?.source === source) cursor.setState({ place: null });
    },
    [scene, axis, cursor, source],
  );

  const point = useCallback(
    (pixelX: number, pixelY: number) => {
      const { lines, scale } = scene.getState();
      if (!scale) return;
      const x = Math.min(Math.max(pixelX, scale.left), scale.left + scale.width);
      show(nearestLine(lines, scale, x, pixelY), xOfPixel(scale, x));
    },
    [scene, show],
  );

  const leave = useCallback(() => show(null, null), [show]);

  /** Moves to the sample before or after, or to the line above or below; false where there is none. */
  const step = useCallback(
    (direction: 'left' | 'right' | 'up' | 'down'): boolean => {
      const { lines, scale, hit } = scene.getState();
      if (!scale) return false;
      if (!hit) {
        const first = sampleAt(lines, 0, scale, (scale.x[0] + scale.x[1]) / 2);
        if (first) show(first, null);
        return first !== null;
      }
      const line = lines[hit.line];
      if (!line) return false;
      const x = line.xs[hit.at] ?? 0;
      if (direction === 'up' || direction === 'down') {
        const sign = direction === 'up' ? -1 : 1;
        const others = lines
          .map((_, at) => (at === hit.line ? null : sampleAt(lines, at, scale, x)))
          .filter((each): each is Hit => each !== null && (each.y - hit.y) * sign > 0);
        const next = others.sort((a, b) => Math.abs(a.y - hit.y) - Math.abs(b.y - hit.y))[0];
        if (next) show(next, null);
        return true;
      }
      const sign = direction === 'right' ? 1 : -1;
      const at = nextVisible(line, scale, hit.at + sign, sign);
      const next = at === null ? null : sampleAt(lines, hit.line, scale, line.xs[at] ?? 0);
      if (next && at !== null) show({ ...next, at }, null);
      return true;
    },
    [scene, show],
  );

  useEffect(() => {
    if (!cursor) return undefined;
    return cursor.subscribe(({ place }) => {
      if (place?.source === source) return;
      const { lines, scale, hit, crosshairX } = scene.getState();
      if (!place || place.axis !== axis || !scale) {
        if (hit || crosshairX !== null) scene.setState({ hit: null, crosshairX: null });
        return;
      }
      const line = lines.findIndex((each) => each.id === place.seriesId);
      const isInView = place.x >= scale.x[0] && place.x <= scale.x[1];
      scene.setState({
        hit: isInView && line >= 0 ? sampleAt(lines, line, scale, place.x) : null,
        crosshairX: place.x,
      });
    });
  }, [cursor, scene, axis, source]);

  return { point, leave, step };
}
