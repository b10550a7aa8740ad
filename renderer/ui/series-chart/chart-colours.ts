import { useSyncExternalStore } from 'react';
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

/** A theme changes with the system's preference or with an attribute of the root element. */
function watchTheme(onChange: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(forced-colors: active)');
  dark.addEventListener('change', onChange);
  contrast.addEventListener('change', onChange);
  const observer = new MutationObserver(onChange);
  observer.observe(document.documentElement, { attributes: true });
  return () => {
    dark.removeEventListener('change', onChange);
    contrast.removeEventListener('change', onChange);
    observer.disconnect();
  };
}
