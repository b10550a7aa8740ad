import type { ColumnSpans } from './column-spans.ts';

export type Raster = { width: number; height: number; pixels: Uint8ClampedArray };
export type Rgb = readonly [number, number, number];

/** How a line is painted: colour, opacity 0–1, width and dash in device pixels. */
export type LinePaint = { colour: Rgb; opacity: number; lineWidth: number; dash: readonly number[] };

/**
 * Paints the column spans of a line into RGBA pixels (not premultiplied), blending over what is there. One write per covered
 * pixel: a hundred lines of a thousand points take a few milliseconds where the canvas' own stroke takes thirty (hairline) to
 * four hundred (1.5 px) without a GPU.
 */
export function rasterLine(raster: Raster, spans: ColumnSpans, left: number, clip: readonly [number, number], paint: LinePaint): void {
  const { tops, bottoms } = spans;
  const isOn = dashAlong(paint.dash);
  const half = paint.lineWidth / 2;
  for (let at = 0; at < tops.length; at++) {
    const top = tops[at] ?? 0;
    const bottom = bottoms[at] ?? 0;
    if (top > bottom) continue;
    const rise = bottom - top;
    // A slanted stroke is taller than its width; steep spans are tall already.
    const reach = half * Math.min(Math.sqrt(1 + rise * rise), 1.6);
    if (!isOn(Math.hypot(1, rise))) continue;
    paintColumn(raster, left + at, Math.max(clip[0], top - reach), Math.min(clip[1], bottom + reach), paint);
  }
}

/** A vertical run of pixels from `top` to `bottom`, its ends weighted by how much of the end pixels it covers. */
function paintColumn(raster: Raster, x: number, top: number, bottom: number, paint: LinePaint): void {
  if (x < 0 || x >= raster.width || bottom <= top) return;
  const first = Math.max(0, Math.floor(top));
  const last = Math.min(raster.height - 1, Math.ceil(bottom) - 1);
  for (let y = first; y <= last; y++) {
    const coverage = Math.min(bottom, y + 1) - Math.max(top, y);
    blend(raster.pixels, (y * raster.width + x) * 4, paint.colour, coverage * paint.opacity);
  }
}

/** Source over, for straight (not premultiplied) alpha: Porter and Duff 1984. */
function blend(pixels: Uint8ClampedArray, at: number, [red, green, blue]: Rgb, alpha: number): void {
  const below = (pixels[at + 3] ?? 0) / 255;
  if (alpha >= 0.999 || below === 0) {
    pixels[at] = red;
    pixels[at + 1] = green;
    pixels[at + 2] = blue;
    pixels[at + 3] = alpha * 255;
    return;
  }
  const keep = below * (1 - alpha);
  const total = alpha + keep;
  pixels[at] = (red * alpha + (pixels[at] ?? 0) * keep) / total;
  pixels[at + 1] = (green * alpha + (pixels[at + 1] ?? 0) * keep) / total;
  pixels[at + 2] = (blue * alpha + (pixels[at + 2] ?? 0) * keep) / total;
  pixels[at + 3] = total * 255;
}

/** Says, length after length, whether the pen is down. */
function dashAlong(dash: readonly number[]): (length: number) => boolean {
  const period = dash.reduce((sum, each) => sum + each, 0);
  if (period <= 0) return () => true;
  let travelled = 0;
  return (length) => {
    let within = travelled % period;
    travelled += length;
    let isDown = true;
    for (const each of dash) {
      if (within < each) return isDown;
      within -= each;
      isDown = !isDown;
    }
    return isDown;
  };
}

/** `#rrggbb`, `#rgb` or `rgb(r g b)` as three bytes; black where the text is none of them. */
export function parseColour(text: string): Rgb {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) {
    const long = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const number = Number.parseInt(long, 16);
    return [number >> 16, (number >> 8) & 255, number & 255];
  }
  const parts = /^rgba?\(([^)]+)\)$/i.exec(text.trim())?.[1]?.split(/[\s,/]+/).map(Number);
  return [parts?.[0] ?? 0, parts?.[1] ?? 0, parts?.[2] ?? 0];
}
