import type { ChartColours } from './chart-colours.ts';
import { bandOpacity, bandShapes } from './band-shapes.ts';
import { columnSpans } from './column-spans.ts';
import { colourOf, dashOf } from './draw-lines.ts';
import { gapOpacity, gapSpans } from './gap-spans.ts';
import { formatValueAs } from './format-value.ts';
import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import type { PlotLayout } from './plot-frame.tsx';
import { pixelOfX, pixelOfY, type PlotScale } from './plot-scale.ts';
import { spreadLabels } from './spread-labels.ts';
import { lastVisible } from './stroke-lines.ts';

const padding = 12;
const headerHeight = 24;
const labelledLines = 8;
/** Right margins at least this wide hold names beside values. */
const namesFromGutter = 100;
/** Characters that fit there. */
const longestName = 14;

/** The chart as a picture that stands alone: colours and fonts written out, nothing referred to. */
export function chartSvg(chart: {
  title: string;
  unit: string | undefined;
  lines: readonly PlotLine[];
  layout: PlotLayout;
  scale: PlotScale;
  colours: ChartColours;
  notes: readonly string[];
}): string {
  const { layout, scale, colours, lines } = chart;
  const { neutrals } = colours;
  const isLabelled = lines.length <= labelledLines;
  const isNamed = layout.margin.right >= namesFromGutter;
  // Without room for names beside the lines they follow below.
  const legend = isLabelled && !isNamed && lines.length > 1 ? lines : [];
  const below = [
    ...legend.map((line) => ({ content: `— ${line.label}`, fill: colourOf(line, colours) })),
    ...chart.notes.map((content) => ({ content, fill: neutrals.muted })),
  ];
  const width = layout.width + 2 * padding;
  const height = headerHeight + layout.height + below.length * 15 + 2 * padding;
  const plotRight = scale.left + scale.width;
  const title = chart.unit ? `${chart.title} (${chart.unit})` : chart.title;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-padding} ${-padding - headerHeight} ${width} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect x="${-padding}" y="${-padding - headerHeight}" width="${width}" height="${height}" fill="${neutrals.surface}"/>`,
    `<text x="0" y="-9" font-size="12" font-weight="500" fill="${neutrals.text}">${escapeXml(title)}</text>`,
    `<clipPath id="plot"><rect x="${scale.left}" y="${scale.top - 2}" width="${scale.width + 2}" height="${scale.height + 4}"/></clipPath>`,
    ...gapSpans(lines, scale).map(
      ({ left, width: wide }) =>
        `<rect x="${round(left)}" y="${round(scale.top)}" width="${round(wide)}" height="${round(scale.height)}" fill="${neutrals.hairline}" fill-opacity="${gapOpacity}"/>`,
    ),
    ...layout.yTicks.map((tick) => hairline(scale.left, plotRight, pixelOfY(scale, tick), neutrals.hairline)),
    hairline(scale.left, plotRight, scale.top + scale.height, neutrals.baseline),
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    ...lines.flatMap((line) => bandPath(line, scale, colourOf(line, colours))),
    ...lines.flatMap((line) => linePaths(line, scale, colourOf(line, colours))),
    '</g>',
    `<g paint-order="stroke" stroke="${neutrals.surface}" stroke-width="3" stroke-linejoin="round">`,
    ...layout.yTicks.map((tick, at) =>
      text(0, pixelOfY(scale, tick) - 3, layout.yLabels[at] ?? '', neutrals.muted),
    ),
    '</g>',
    ...layout.xTicks.map((tick, at) => {
      const x = pixelOfX(scale, tick);
      return text(
        x,
        layout.height - 4,
        layout.xLabels[at] ?? '',
        neutrals.muted,
        x < 12 ? 'start' : 'middle',
      );
    }),
    ...(isLabelled ? endLabels(lines, scale, layout.width, isNamed, colours) : []),
    ...below.map(({ content, fill }, at) => text(0, layout.height + 13 + at * 15, content, fill)),
    '</svg>',
  ];
  return parts.join('\n');
}

function linePaths(line: PlotLine, scale: PlotScale, colour: string): string[] {
  const dash = dashOf(line).join(' ');
  const path = (ys: Float64Array, opacity: number): string =>
    `<path d="${pathData(line, ys, scale)}" stroke="${colour}" stroke-width="1.5" stroke-opacity="${opacity}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`;
  return line.raw === line.ys ? [path(line.ys, 1)] : [path(line.raw, 0.25), path(line.ys, 1)];
}

function bandPath(line: PlotLine, scale: PlotScale, colour: string): string[] {
  const shapes = bandShapes(line, scale).map(
    (corners) => `M${corners.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}Z`,
  );
  return shapes.length === 0
    ? []
    : [`<path d="${shapes.join('')}" fill="${colour}" fill-opacity="${bandOpacity}"/>`];
}

/** The line through its points in CSS pixels, or through the extremes of each pixel column where there are more points. */
export function pathData(line: PlotLine, ys: Float64Array, scale: PlotScale): string {
  const from = Math.max(0, indexAtOrAfter(line.xs, scale.x[0]) - 1);
  const to = Math.min(line.xs.length - 1, indexAtOrAfter(line.xs, scale.x[1]));
  const points: [number, number][] = [];
  if (to - from <= scale.width * 4) {
    for (let at = from; at <= to; at++)
      points.push([pixelOfX(scale, line.xs[at] ?? 0), pixelOfY(scale, ys[at] ?? Number.NaN)]);
  } else {
    const { tops, bottoms } = columnSpans(line, ys, scale, 1);
    for (let column = 0; column < tops.length; column++) {
      const [top, bottom] = [tops[column] ?? 0, bottoms[column] ?? 0];
      const x = scale.left + column + 0.5;
      if (top > bottom) points.push([x, Number.NaN]);
      else points.push([x, column % 2 === 0 ? top : bottom], [x, column % 2 === 0 ? bottom : top]);
    }
  }
  let data = '';
  let isDown = false;
  for (const [x, y] of points) {
    if (Number.isFinite(y)) data += `${isDown ? 'L' : 'M'}${round(x)} ${round(y)}`;
    isDown = Number.isFinite(y);
  }
  return data;
}

function endLabels(
  lines: readonly PlotLine[],
  scale: PlotScale,
  right: number,
  isNamed: boolean,
  colours: ChartColours,
): string[] {
  const ends = lines.flatMap((line) => {
    const at = lastVisible(line, scale);
    return at === null ? [] : [{ line, value: line.ys[at] ?? Number.NaN }];
  });
  const bottom = scale.top + scale.height;
  const wanted = ends.map(({ value }) => Math.min(Math.max(pixelOfY(scale, value), scale.top), bottom));
  const places = spreadLabels(wanted, 13, scale.top, bottom);
  const left = scale.left + scale.width + 7;
  return ends.flatMap(({ line, value }, at) => {
    const y = (places[at] ?? 0) + 4;
    const fill = colourOf(line, colours);
    if (!isNamed) return [text(left, y, formatValueAs(value, line.format), fill)];
    const name = line.label.length > longestName ? `${line.label.slice(0, longestName - 1)}…` : line.label;
    return [text(left, y, name, fill), text(right, y, formatValueAs(value, line.format), fill, 'end')];
  });
}

function text(x: number, y: number, content: string, fill: string, anchor = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" fill="${fill}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
}

function hairline(left: number, right: number, y: number, stroke: string): string {
  return `<line x1="${round(left)}" x2="${round(right)}" y1="${round(y)}" y2="${round(y)}" stroke="${stroke}"/>`;
}

function round(pixel: number): number {
  return Math.round(pixel * 100) / 100;
}

function escapeXml(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return text.replace(/[&<>"']/g, (letter) => names[letter] ?? letter);
}
