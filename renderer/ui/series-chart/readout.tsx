import { useStore } from 'zustand';
import type { ChartAxis } from './chart-series.ts';
import { formatValueAs, formatX } from './format-value.ts';
import { runColour } from './run-colours.ts';
import type { Scene, SceneStore } from './scene.ts';
import classes from './series-chart.module.css';

/** What the crosshair points at, docked in the chart's header so that it never covers the data. */
export function Readout({ scene, axis }: { scene: SceneStore; axis: ChartAxis }) {
  const text = useStore(scene, (state) => readoutOf(state, axis));
  const colourIndex = useStore(scene, (state) =>
    state.hit ? (state.lines[state.hit.line]?.colourIndex ?? 0) : null,
  );
  if (!text) return null;
  return (
    <span className={classes.readout} data-readout title={text}>
      {colourIndex !== null && (
        <i className={classes.swatch} style={{ background: runColour(colourIndex) }} />
      )}
      {text}
    </span>
  );
}

/** "step 617 · run-a 14.5", or the x alone where no line has a point. Empty without a crosshair. */
export function readoutOf({ lines, scale, hit, crosshairX }: Scene, axis: ChartAxis): string {
  const span = scale ? scale.x[1] - scale.x[0] : 0;
  const line = hit ? lines[hit.line] : undefined;
  if (hit && line) {
    const value = line.ys[hit.at] ?? Number.NaN;
    const raw = line.raw[hit.at] ?? Number.NaN;
    const rawText = line.raw === line.ys ? '' : ` (raw ${formatValueAs(raw, line.format)})`;
    return `${formatX(line.xs[hit.at] ?? Number.NaN, axis, span)} · ${line.label} ${formatValueAs(value, line.format)}${rawText}`;
  }
  return crosshairX === null
    ? ''
    : formatX(axis === 'step' ? Math.round(crosshairX) : crosshairX, axis, span);
}
