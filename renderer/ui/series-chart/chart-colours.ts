import { useSyncExternalStore } from 'react';
import { watchTheme } from '../watch-theme.ts';
import { chartNeutrals, installRunColours, runColours, type ChartNeutral } from './run-colours.ts';

/** Colours as the current theme computes them, for canvas and for exported pictures. */
export type ChartColours = { lines: readonly string[]; neutrals: Readonly<Record<ChartNeutral, string>> };

let current: { key: string; colours: ChartColours } | null = null;

/** The theme's colours; renders again when the theme changes. */
export function useChartColours(): ChartColours {
  return useSyncExternalStore(watchTheme, readColours);
}

function readColours(): ChartColours {
  installRunColours();
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  const lines = runColours.map(([light], at) => read(`--run-${at + 1}`, light));
  const neutral = (name: ChartNeutral): string => read(`--chart-${name}`, chartNeutrals[name][0]);
  const neutrals = {
    surface: neutral('surface'),
    text: neutral('text'),
    muted: neutral('muted'),
    hairline: neutral('hairline'),
    baseline: neutral('baseline'),
    accent: neutral('accent'),
  };
  const key = [...lines, ...Object.values(neutrals)].join();
  if (current?.key !== key) current = { key, colours: { lines, neutrals } };
  return current.colours;
}
