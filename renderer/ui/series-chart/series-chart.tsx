import { memo, useCallback, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { useChartColours } from './chart-colours.ts';
import { chartCsv } from './chart-csv.ts';
import { chartDescription } from './chart-description.ts';
import { ChartMenu } from './chart-menu.tsx';
import { chartNotes, pictureNotes } from './chart-notes.ts';
import type { ChartAxis, ChartSeries, Range, YScaleKind } from './chart-series.ts';
import { chartSvg } from './chart-svg.ts';
import { ChartTable } from './chart-table.tsx';
import { copyOrSave, pngFromSvg } from './copy-out.ts';
import type { Crosshair } from './crosshair.ts';
import { useLines } from './live-lines.ts';
import type { LivePoints } from './live-points.ts';
import type { PlotLayout } from './plot-frame.tsx';
import { Plot } from './plot.tsx';
import { Readout } from './readout.tsx';
import { runColour } from './run-colours.ts';
import { createScene } from './scene.ts';
import classes from './series-chart.module.css';
import { extentOfX } from './view-range.ts';
import { useWholeX } from './whole-x.ts';
import { useZoom } from './zoom.ts';

export type SeriesChartProps = {
  /** The metric's name. */
  title: string;
  unit?: string;
  series: readonly ChartSeries[];
  axis: ChartAxis;
  /** Of the whole figure, header and notes included, in CSS pixels. */
  height: number;
  /** Linear when left out. */
  yScale?: YScaleKind;
  /** Weight of the average before, 0 (off, the default) up to, but without, 1. */
  smoothing?: number;
  /** The x range that is shown, null for all; left out where the chart keeps it to itself. */
  range?: Range | null;
  /** The reader zoomed: ask for finer columns between these x, in the axis' own unit. Told once a gesture rests. */
  onRange?: (range: Range | null) => void;
  /** Shared by the charts of a page. */
  cursor?: Crosshair;
  /** Points that arrive after `series` was read, for the series marked `isLive`. */
  live?: LivePoints;
  /** Entries that the page adds to the chart's menu. */
  menuItems?: ReactNode;
};

/** Metric series over steps or time: axes by recharts, lines on a canvas of our own. See README.md for keys and gestures. */
export const SeriesChart = memo(function SeriesChart(props: SeriesChartProps) {
  const { title, unit, series, axis, height, yScale = 'linear', smoothing = 0 } = props;
  const [scene] = useState(createScene);
  const [isTable, setTable] = useState(false);
  const [status, setStatus] = useState('');
  const layoutRef = useRef<PlotLayout | null>(null);
  const colours = useChartColours();
  const helpId = useId();

  const lines = useLines(scene, series, axis, smoothing, props.live);
  const zoom = useZoom(axis, props.range, props.onRange);
  const isLive = series.some((each) => each.isLive === true);
  const extent = useMemo(() => extentOfX(lines), [lines]);
  const whole = useWholeX(extent, axis, isLive, zoom.view.x !== null);
  const x = zoom.view.x ?? whole;
  const notes = useMemo(() => chartNotes(lines, x, yScale, axis), [lines, x, yScale, axis]);
  const description = chartDescription(title, unit, lines, axis, x);

  const copy = useCallback(
    async (format: 'png' | 'svg' | 'csv') => {
      const { scale, lines: drawn } = scene.getState();
      const layout = layoutRef.current;
      const name = `${title.replaceAll(/[^\w.-]+/g, '-')}.${format}`;
      const text = (): string => {
        if (format === 'csv' || !scale || !layout) return chartCsv(drawn);
        return chartSvg({
          title,
          unit,
          lines: drawn,
          layout,
          scale,
          colours,
          notes: [...notes.map((note) => note.text), ...pictureNotes(drawn, scale, axis, smoothing)],
        });
      };
      const content =
        format === 'png'
          ? pngFromSvg(text(), 2)
          : Promise.resolve(new Blob([text()], { type: 'text/plain' }));
      try {
        const done = await copyOrSave(content, format === 'png' ? 'image/png' : 'text/plain', name);
        setStatus(done === 'copied' ? `Copied as ${format.toUpperCase()}.` : `Saved as ${name}.`);
      } catch (error) {
        setStatus(`Not copied: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    [scene, title, unit, axis, smoothing, colours, notes],
  );

  return (
    <figure className={classes.figure} style={{ height }} aria-label={unit ? `${title}, ${unit}` : title}>
      <div className={classes.header}>
        <span className={classes.title} title={title}>
          {title}
          {unit && <span className={classes.unit}>{unit}</span>}
        </span>
        <span className={classes.spacer} />
        <Readout scene={scene} axis={axis} />
        <ChartMenu
          title={title}
          isTable={isTable}
          isZoomed={zoom.view.x !== null || zoom.view.y !== null}
          onTable={setTable}
          onCopy={(format) => void copy(format)}
          onReset={zoom.reset}
        >
          {props.menuItems}
        </ChartMenu>
      </div>
      {isTable ? (
        <ChartTable title={title} lines={lines} axis={axis} x={x} />
      ) : (
        <Plot
          scene={scene}
          lines={lines}
          axis={axis}
          yKind={yScale}
          smoothing={smoothing}
          x={x}
          bounds={whole}
          zoom={zoom}
          colours={colours}
          cursor={props.cursor}
          hasNonFinite={notes.some((note) => note.kind === 'not-finite')}
          description={description}
          helpId={helpId}
          layoutRef={layoutRef}
          onStatus={setStatus}
        />
      )}
      {notes.length > 0 && (
        <ul className={classes.notes}>
          {notes.map((note) => (
            <li key={note.text}>
              {note.colourIndex !== null && (
                <i className={classes.swatch} style={{ background: runColour(note.colourIndex) }} />
              )}
              {note.text}
            </li>
          ))}
        </ul>
      )}
      <span className={classes.hidden} id={helpId}>
        Plus and minus zoom, arrows pan, shift and arrows read values, backspace one step back, escape shows
        all.
      </span>
      <output className={classes.hidden}>{status}</output>
    </figure>
  );
});
