import { useSyncExternalStore } from 'react';
import { watchTheme } from './watch-theme.ts';

const tokens = [
  'surface',
  'raised',
  'hairline',
  'edge',
  'text',
  'muted',
  'accent',
  'selected',
  'failed',
  'amber',
] as const;

/** Tokens of the theme as colours that a canvas can draw with. */
export type ThemeColours = Readonly<Record<(typeof tokens)[number], string>>;

let current: { key: string; colours: ThemeColours } | null = null;

/** The theme's colours; renders again when the theme changes. */
export const useThemeColours = (): ThemeColours => useSyncExternalStore(watchTheme, readColours);

function readColours(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const key = tokens.map(read).join();
  if (current?.key !== key)
    current = {
      key,
      colours: Object.fromEntries(tokens.map((name) => [name, read(name)])) as Record<
        (typeof tokens)[number],
        string
      >,
    };
  return current.colours;
}
