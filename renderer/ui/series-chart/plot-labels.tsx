import { useStore } from 'zustand';
import { beyondRange, describeBeyond, worstBeyond } from './beyond-range.ts';
import type { ChartAxis } from './chart-series.ts';
import { caretGapPixels } from './draw-lines.ts';
import { formatValueAs } from './format-value.ts';
import type { PlotLine } from './plot-line.ts';
import { pixelOfY, type PlotScale } from './plot-scale.ts';
import { runTextColour } from './run-colours.ts';
import type { SceneStore } from './scene.ts';
import classes from './series-chart.module.css';
import { spreadLabels } from './spread-labels.ts';
import { lastVisible } from './stroke-lines.ts';

const labelHeight = 14;

/** Values of the hairlines, inside the plot at its left, each standing on its line. */
export function YLabels({
  scene,
  ticks,
  labels,
}: {
  scene: SceneStore;
  ticks: readonly number[];
  labels: readonly string[];
}) {
  const scale = useStore(scene, (state) => state.scale);
  if (!scale) return null;
  return ticks.map((tick, at) => {
    const y = pixelOfY(scale, tick);
    if (!(y >= scale.top - 1) || y > scale.top + scale.height + 1) return null;
    return (
      <span key={tick} className={classes.yLabel} style={{ top: y - labelHeight }}>
        {labels[at]}
      </span>
    );
  });
}

/** Last value of each line beside its end, in the line's colour; with its name where there is room. */
export function EndLabels({ scene, isNamed }: { scene: SceneStore; isNamed: boolean }) {
  const scale = useStore(scene, (state) => state.scale);
  const lines = useStore(scene, (state) => state.lines);
  const pointed = useStore(scene, (state) => state.hit?.line ?? null);
  if (!scale) return null;
  const ends = lines
    .map((line, at) => ({ line, at, value: lastValue(line, scale) }))
    .filter((end) => !Number.isNaN(end.value));
  const bottom = scale.top + scale.height;
  const wanted = ends.map(
    ({ value }) => Math.min(Math.max(pixelOfY(scale, value), scale.top), bottom) - labelHeight / 2,
  );
  const tops = spreadLabels(wanted, labelHeight - 1, scale.top - labelHeight / 2, bottom - labelHeight / 2);
  return ends.map(({ line, at, value }, place) => (
    <span
      key={line.id}
      className={classes.endLabel}
      data-dimmed={pointed !== null && pointed !== at && lines.length > 1 ? true : undefined}
      title={`${line.label}: ${value}`}
      style={{ top: tops[place], left: scale.left + scale.width + 7, color: runTextColour(line.colourIndex) }}
    >
      {isNamed && <span className={classes.endName}>{line.label}</span>}
      <span>{formatValueAs(value, line.format)}</span>
    </span>
  ));
}

function lastValue(line: PlotLine, scale: PlotScale): number {
  const at = lastVisible(line, scale);
  return at === null ? Number.NaN : (line.ys[at] ?? Number.NaN);
}

/** Value and place of the most extreme point past the top and the bottom edge, and how many there are. */
export function BeyondLabels({ scene, axis }: { scene: SceneStore; axis: ChartAxis }) {
  const scale = useStore(scene, (state) => state.scale);
  const lines = useStore(scene, (state) => state.lines);
  if (!scale) return null;
  const clusters = beyondRange(lines, scale, caretGapPixels);
  return (['above', 'below'] as const).map((edge) => {
    const found = worstBeyond(clusters, edge);
    if (!found) return null;
    const { worst } = found;
    const text = describeBeyond(found, axis, scale.x[1] - scale.x[0], lines[0]?.format);
    const isRight = worst.x > scale.left + scale.width / 2;
    const side = isRight
      ? { right: `calc(100% - ${worst.x - 8}px)` }
      : { left: Math.max(worst.x + 8, edge === 'above' ? 40 : 8) };
    return (
      <span
        key={edge}
        className={classes.beyond}
        style={{ ...side, top: edge === 'above' ? scale.top - 13 : scale.top + scale.height - 23 }}
      >
        {text}
      </span>
    );
  });
}
