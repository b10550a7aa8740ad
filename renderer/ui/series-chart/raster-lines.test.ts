import { describe, expect, it } from 'vitest';
import { parseColour, rasterLine, rasterOf } from './raster-lines.ts';

const blank = () => rasterOf({ width: 4, height: 8, data: new Uint8ClampedArray(4 * 8 * 4) });
const spans = { tops: Float64Array.of(2.5, 1, 9, 2.5), bottoms: Float64Array.of(2.5, 6, 0, 2.5) };
const red = { colour: [255, 0, 0] as const, opacity: 1, lineWidth: 1, dash: [] };
const alphaAt = (raster: ReturnType<typeof blank>, x: number, y: number): number =>
  raster.bytes[(y * 4 + x) * 4 + 3] ?? 0;

describe('rastered lines', () => {
  it('fill exactly the pixel a level line covers, and none in an empty column', () => {
    const raster = blank();
    rasterLine(raster, spans, 0, [0, 8], red);
    expect([1, 2, 3].map((y) => alphaAt(raster, 0, y))).toEqual([0, 255, 0]);
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((y) => alphaAt(raster, 2, y))).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect([2, 3, 4, 5].map((y) => alphaAt(raster, 1, y))).toEqual([255, 255, 255, 255]);
  });

  it('stay inside the clip', () => {
    const raster = blank();
    rasterLine(raster, spans, 0, [3, 4], red);
    expect([2, 3, 4].map((y) => alphaAt(raster, 1, y))).toEqual([0, 255, 0]);
  });

  it('blend over what is there', () => {
    const raster = blank();
    rasterLine(raster, spans, 0, [0, 8], red);
    rasterLine(raster, spans, 0, [0, 8], { ...red, colour: [0, 0, 255], opacity: 0.5 });
    const at = (2 * 4 + 0) * 4;
    expect(Array.from(raster.bytes.slice(at, at + 4))).toEqual([128, 0, 128, 255]);
  });

  it('skip the gaps of a dash', () => {
    const raster = rasterOf({ width: 40, height: 4, data: new Uint8ClampedArray(40 * 4 * 4) });
    const level = { tops: new Float64Array(40).fill(1.5), bottoms: new Float64Array(40).fill(1.5) };
    rasterLine(raster, level, 0, [0, 4], { ...red, dash: [6, 3] });
    const row = Array.from({ length: 18 }, (_, x) =>
      (raster.bytes[(40 + x) * 4 + 3] ?? 0) > 0 ? '#' : '.',
    ).join('');
    expect(row).toBe('######...######...');
  });

  it('read the colours a theme may compute to', () => {
    expect(parseColour(' #1531A4')).toEqual([0x15, 0x31, 0xa4]);
    expect(parseColour('#fff')).toEqual([255, 255, 255]);
    expect(parseColour('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
  });
});
