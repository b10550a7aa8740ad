import type { MantineColorScheme } from '@mantine/core';
import { native } from './engine.ts';
import { writePreference } from './preferences.ts';
import { reportDefect } from './report-defect.ts';

/** Keeps the chosen theme for every window, and lets a native frame follow it. */
export function keepTheme(theme: MantineColorScheme): void {
  writePreference('window', 'theme', theme);
  native?.setTheme(theme === 'auto' ? 'system' : theme).catch((error: unknown) => {
    reportDefect('The frame of the window did not follow the theme', error);
  });
}
