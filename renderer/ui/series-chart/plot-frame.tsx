import { memo, useLayoutEffect } from 'react';
import {
  CartesianGrid,
  Line,
  LineChart,
  usePlotArea,
  useXAxisDomain,
  useXAxisScale,
  useYAxisDomain,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import type { Range, YScaleKind } from './chart-series.ts';
import type { PlotScale } from './plot-scale.ts';

export type PlotMargin = { top: number; right: number; bottom: number; left: number };

/** Everything that the axes are made of. Equal layouts commit nothing. */
export type PlotLayout = {
  width: number;
  height: number;
  margin: PlotMargin;
  x: Range;
  y: Range;
  yKind: YScaleKind;
  xTicks: readonly number[];
  xLabels: readonly string[];
  yTicks: readonly number[];
  yLabels: readonly string[];
};

type PlotFrameProps = { layout: PlotLayout; onScale: (scale: PlotScale) => void };

/** Recharts scales nothing without a graphical item; this one has no ink. (A lone point would get a dot unasked.) */
const noInk = [
  { x: 0, y: 1 },
  { x: 1, y: 1 },
];
const axisHeight = 18;

/** Baseline, hairlines and x labels by recharts; tells where its scales put the data once they are laid out. */
export const PlotFrame = memo(function PlotFrame({ layout, onScale }: PlotFrameProps) {
  const labelOf = new Map(layout.xTicks.map((tick, at) => [tick, layout.xLabels[at] ?? '']));
  return (
    <LineChart
      width={layout.width}
      height={layout.height}
      margin={layout.margin}
      data={noInk}
      accessibilityLayer={false}
      aria-hidden
    >
      <CartesianGrid
        vertical={false}
        syncWithTicks
        stroke="var(--chart-hairline)"
        shapeRendering="crispEdges"
      />
      <XAxis
        type="number"
        dataKey="x"
        domain={[...layout.x]}
        allowDataOverflow
        ticks={[...layout.xTicks]}
        interval={0}
        height={axisHeight}
        axisLine={{ stroke: 'var(--chart-baseline)', shapeRendering: 'crispEdges' }}
        tickLine={false}
        tick={({ x, y, payload }) => (
          <XLabel
            x={Number(x)}
            y={Number(y)}
            text={labelOf.get(Number(payload.value)) ?? ''}
            right={layout.width - layout.margin.right}
          />
        )}
      />
      <YAxis
        type="number"
        dataKey="y"
        domain={[...layout.y]}
        scale={layout.yKind}
        allowDataOverflow
        ticks={[...layout.yTicks]}
        interval={0}
        hide
      />
      <Line dataKey="y" stroke="none" dot={false} activeDot={false} isAnimationActive={false} />
      <ScaleReader yKind={layout.yKind} onScale={onScale} />
    </LineChart>
  );
}, isSameFrame);

/** New lines rarely move the axes: a recharts commit (14–20 ms) is spared where nothing in the layout differs. */
function isSameFrame(before: PlotFrameProps, after: PlotFrameProps): boolean {
  if (before.onScale !== after.onScale) return false;
  return before.layout === after.layout || JSON.stringify(before.layout) === JSON.stringify(after.layout);
}

/** Labels near an end lean inwards, so that none is cut off. */
function XLabel({ x, y, text, right }: { x: number; y: number; text: string; right: number }) {
  const half = text.length * 3.2;
  const anchor = x < half ? 'start' : x > right + 20 - half ? 'end' : 'middle';
  return (
    <text x={x} y={y + 6} textAnchor={anchor} fill="var(--chart-muted)" fontSize={11} data-x-label>
      {text}
    </text>
  );
}

function ScaleReader({ yKind, onScale }: { yKind: YScaleKind; onScale: (scale: PlotScale) => void }) {
  const area = usePlotArea();
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  const [x0, x1] = numbers(useXAxisDomain());
  const [y0, y1] = numbers(useYAxisDomain());
  useLayoutEffect(() => {
    if (!area || !xScale || !yScale) return;
    const [left, right, top, bottom] = [xScale(x0), xScale(x1), yScale(y1), yScale(y0)];
    if (left === undefined || right === undefined || top === undefined || bottom === undefined) return;
    if (!(right > left) || !(bottom > top)) return;
    onScale({ left, top, width: right - left, height: bottom - top, x: [x0, x1], y: [y0, y1], yKind });
  }, [area, xScale, yScale, x0, x1, y0, y1, yKind, onScale]);
  return null;
}

function numbers(domain: readonly unknown[] | undefined): [number, number] {
  const [low, high] = domain ?? [];
  return [typeof low === 'number' ? low : Number.NaN, typeof high === 'number' ? high : Number.NaN];
}
