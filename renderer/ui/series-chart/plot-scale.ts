import type { Range, YScaleKind } from './chart-series.ts';

/** Where data lies on the drawing, in CSS pixels from the plot's outer top left corner. */
export type PlotScale = {
  left: number;
  top: number;
  width: number;
  height: number;
  x: Range;
  y: Range;
  yKind: YScaleKind;
};

/** Pixel of an x value; may lie outside the plot. */
export function pixelOfX(scale: PlotScale, x: number): number {
  return scale.left + ((x - scale.x[0]) / (scale.x[1] - scale.x[0])) * scale.width;
}

/** Pixel of a value; NaN where the scale has no place for it (not finite, or not above nought on a log axis). */
export function pixelOfY(scale: PlotScale, value: number): number {
  const { factor, offset, isLog } = yTransform(scale);
  return (isLog ? Math.log(value) : value) * factor + offset;
}

export function xOfPixel(scale: PlotScale, pixel: number): number {
  return scale.x[0] + ((pixel - scale.left) / scale.width) * (scale.x[1] - scale.x[0]);
}

export function valueOfPixel(scale: PlotScale, pixel: number): number {
  const { factor, offset, isLog } = yTransform(scale);
  const flat = (pixel - offset) / factor;
  return isLog ? Math.exp(flat) : flat;
}

/** The y axis as `pixel = f(value) * factor + offset`, with f the natural logarithm or nothing. For inner loops. */
export function yTransform(scale: PlotScale): { factor: number; offset: number; isLog: boolean } {
  const isLog = scale.yKind === 'log';
  const low = isLog ? Math.log(scale.y[0]) : scale.y[0];
  const high = isLog ? Math.log(scale.y[1]) : scale.y[1];
  const factor = -scale.height / (high - low);
  return { factor, offset: scale.top - high * factor, isLog };
}
