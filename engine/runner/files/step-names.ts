/** Columns that count, the finest first: a row of a log says by one of them where in the training it stands. */
const counters = [
  'global_step',
  'step',
  'total_timesteps',
  'timesteps',
  'num_updates',
  'iteration',
  'iter',
  'it',
  'batch',
  'round',
  'trial',
  'epoch',
];
const clocks = new Set(['wall_time', 'timestamp', 'time_stamp', 'unix_time']);
/** Seconds since 1970 of 2001-09-09: what is below is a duration. */
const leastEpochSeconds = 1e9;

/** `time/total_timesteps` counts as `total_timesteps` does. */
const plainName = (name: string) => name.trim().toLowerCase().split('/').at(-1) ?? '';

/** The column by which rows are counted; -1 where there is none, and then the table is no log of a training. */
export function stepColumn(names: readonly string[]): number {
  const plain = names.map(plainName);
  return counters.map((counter) => plain.indexOf(counter)).find((column) => column >= 0) ?? -1;
}

/** True for a column that says where a row stands instead of measuring something. */
export const isCounter = (name: string) => counters.includes(plainName(name));

export const isClock = (name: string) => clocks.has(plainName(name));

/** A time of day in seconds or milliseconds since 1970 as milliseconds; null for anything else. */
export function clockMs(value: number): number | null {
  if (!(value >= leastEpochSeconds)) return null;
  return Math.round(value >= leastEpochSeconds * 1000 ? value : value * 1000);
}
