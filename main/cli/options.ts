import { InvalidArgumentError, Option } from 'commander';
import { defaultHomePath } from '../../engine/index.ts';
import { parseDuration } from './parse-duration.ts';

export const homeOption = (): Option =>
  new Option('--home <dir>', 'the folder that holds everything').default(
    defaultHomePath(),
    'BENCHTOP_HOME or the data folder of this system',
  );

export const jsonOption = (): Option => new Option('--json', 'print JSON');

/** The project that a command is about, as a folder. */
export const projectOption = (): Option =>
  new Option('--project <dir>', 'the project; the folder you are in when left out');

/** What the argument `<run>` means, everywhere. */
export const runMeaning = 'the id of a run, or the beginning of it';

/** An option that may be given several times. */
export const oneMore = (text: string, before: string[]): string[] => [...before, text];

/** Reads an option's age, in milliseconds: 0, or a duration with its units, since a bare number might be meant in days. */
export function ageMs(text: string): number {
  if (text === '0') return 0;
  const ms = /^[\d.]+$/.test(text) ? null : parseDuration(text);
  if (ms === null)
    throw new InvalidArgumentError('An age is written with its unit, as 12h or 30d; 0 is any.');
  return ms;
}

/** Reads an option's duration, in milliseconds. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('A duration is written as 90s, 10m, 1h30m or 2d.');
  return ms;
}
