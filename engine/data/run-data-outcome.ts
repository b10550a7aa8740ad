import type { RunDataOutcome } from './run-data.ts';
import type { TakenSnapshot } from './take-snapshot.ts';

/**
 * What is recorded of what a run has read or written.
 * @param lateMs what was written from then on may be something else than what the run read, milliseconds UTC.
 */
export function outcomeOf({ version, problems, newestMs }: TakenSnapshot, lateMs: number): RunDataOutcome {
  const [problem] = problems;
  const isLate = newestMs >= lateMs;
  return {
    state: isLate || problems.some(({ kind }) => kind === 'changed') ? 'changed' : 'recorded',
    version: version.version,
    note:
      problem === undefined
        ? isLate
          ? writtenLate
          : null
        : `${problems.length} of its files are not in the version: ${problem.path}: ${problem.what}`,
  };
}

export const writtenLate =
  'It was written to after the run began and before it was read for the record: the run may have read something else than this version.';
