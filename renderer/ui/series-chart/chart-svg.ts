import type { ChartColours } from './chart-colours.ts';
import { columnSpans } from './column-spans.ts';
import { colourOf, dashOf } from './draw-lines.ts';
import { formatValue } from './format-value.ts';
import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import type { PlotLayout } from './plot-frame.tsx';
import { yLabelsOf } from './plot-layout.ts';
import { pixelOfX, pixelOfY, type PlotScale } from './plot-scale.ts';
import { lastVisible } from './stroke-lines.ts';

const headerHeight = 24;
const namedLines = 8;

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
  const legend = lines.length > 1 && lines.length <= namedLines ? lines : [];
  const legendHeight = legend.length > 0 ? 18 : 0;
  const height = headerHeight + layout.height + legendHeight + chart.notes.length * 15 + 6;
  const plotBottom = scale.top + scale.height;
  const plotRight = scale.left + scale.width;
  const text = (x: number, y: number, content: string, fill: string, anchor = 'start'): string =>
    `<text x="${round(x)}" y="${round(y)}" fill="${fill}" text-anchor="${anchor}">${escapeXml(content)}</text>`;
  const yLabels = yLabelsOf(layout);
  const title = chart.unit ? `${chart.title} (${chart.unit})` : chart.title;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.width}" height="${height}" viewBox="0 0 ${layout.width} ${height}" font-family="system-ui, sans-serif" font-size="11">`,
    `<rect width="100%" height="100%" fill="${neutrals.surface}"/>`,
    `<text x="0" y="15" font-size="12" font-weight="500" fill="${neutrals.text}">${escapeXml(title)}</text>`,
    `<g transform="translate(0 ${headerHeight})">`,
    `<clipPath id="plot"><rect x="${scale.left}" y="${scale.top - 2}" width="${scale.width + 2}" height="${scale.height + 4}"/></clipPath>`,
    ...layout.yTicks.map((tick) => hairline(scale.left, plotRight, pixelOfY(scale, tick), neutrals.hairline)),
    hairline(scale.left, plotRight, plotBottom, neutrals.baseline),
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round">',
    ...lines.flatMap((line) => linePaths(line, scale, colourOf(line, colours))),
    '</g>',
    ...layout.yTicks.map((tick, at) => text(0, pixelOfY(scale, tick) - 3, yLabels[at] ?? '', neutrals.muted)),
    ...layout.xTicks.map((tick, at) =>
      text(
        pixelOfX(scale, tick),
        layout.height - 4,
        layout.xLabels[at] ?? '',
        neutrals.muted,
        tick === layout.x[0] ? 'start' : 'middle',
      ),
    ),
    ...(lines.length <= namedLines
      ? lines.map((line) => endLabel(line, scale, colourOf(line, colours)))
      : []),
    '</g>',
    ...legend.map((line, at) =>
      text(
        (at * layout.width) / legend.length,
        headerHeight + layout.height + 13,
        `— ${line.label}`,
        colourOf(line, colours),
      ),
    ),
    ...chart.notes.map((note, at) =>
      text(0, headerHeight + layout.height + legendHeight + 13 + at * 15, note, neutrals.muted),
    ),
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

function endLabel(line: PlotLine, scale: PlotScale, colour: string): string {
  const at = lastVisible(line, scale);
  if (at === null) return '';
  const value = line.ys[at] ?? Number.NaN;
  return `<text x="${round(scale.left + scale.width + 7)}" y="${round(pixelOfY(scale, value) + 4)}" fill="${colour}">${formatValue(value)}</text>`;
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
