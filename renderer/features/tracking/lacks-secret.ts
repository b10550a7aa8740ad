/** Stands in a recorded command for a secret that was left out; the engine's `redacted`. */
const mark = '[redacted]';

/** True for a recorded command that cannot be started as it is: a secret was left out of it. */
export const lacksSecret = (command: readonly string[]): boolean =>
  command.some((word) => word.includes(mark));
