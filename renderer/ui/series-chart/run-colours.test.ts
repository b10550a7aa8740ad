import { describe, expect, it } from 'vitest';
import { parseColour } from './raster-lines.ts';
import {
  chartNeutrals,
  runColourCss,
  runColours,
  runDash,
  runEndMarker,
  runTextColours,
} from './run-colours.ts';

/** Contrast of two colours, WCAG 2.2, 1.4.3. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = parseColour(colour).map((byte) => {
    const part = byte / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe('run colours', () => {
  it.each([0, 1] as const)('stand out from the surface, lines 3:1 and text 4.5:1 (theme %d)', (theme) => {
    const surface = chartNeutrals.surface[theme];
    for (const pair of runColours)
      expect(contrast(pair[theme], surface), pair[theme]).toBeGreaterThanOrEqual(3);
    for (const pair of runTextColours)
      expect(contrast(pair[theme], surface), pair[theme]).toBeGreaterThanOrEqual(4.5);
    expect(contrast(chartNeutrals.muted[theme], surface)).toBeGreaterThanOrEqual(4.5);
  });

  it('are never reused silently: every ten get another dash', () => {
    expect([0, 10, 20, 30].map((index) => runDash(index).join())).toEqual(['', '6,3', '2,3', '6,3,2,3']);
    expect([4, 5, 9, 15, 20].map(runEndMarker)).toEqual([null, 'circle', 'cross', 'circle', null]);
  });

  it('are defined for both themes', () => {
    expect(runColourCss().match(/--run-10:/g)).toHaveLength(3);
  });
});
