import {
  type RoomHandlers,
  type Run,
  type RunComparison,
  type RunEnvironment,
} from '../../contract/index.ts';
import { programOfCommand } from '../runner/index.ts';
import type { Recorder } from '../tracking/index.ts';
import { compareRuns, type PartComparison } from './compare-runs.ts';

/** How two runs compare in a part that a room keeps for them. */
export type ComparePart = (a: string, b: string) => Promise<PartComparison>;

export interface Comparison {
  readonly handlers: RoomHandlers<'comparison'>;
  /** What two runs do not share. @throws {BenchtopError} `not-found`. */
  compare(asked: { a: string; b: string; withRows: boolean }, signal: AbortSignal): Promise<RunComparison>;
}

export function createComparison(options: {
  recorder: Pick<Recorder, 'run' | 'comparableRuns'>;
  environmentOf: (runId: string) => Promise<RunEnvironment | null>;
  code: ComparePart;
  /** By files and, where `withRows`, by the rows of tables. */
  data: (a: string, b: string, withRows: boolean, signal: AbortSignal) => Promise<PartComparison>;
}): Comparison {
  const { recorder, environmentOf, code, data } = options;

  async function compare(
    { a, b, withRows }: { a: string; b: string; withRows: boolean },
    signal: AbortSignal,
  ): Promise<RunComparison> {
    const compared = async (run: Run) => ({ run, environment: await environmentOf(run.id) });
    const [one, other, ofCode, ofData] = await Promise.all([
      compared(recorder.run(a)),
      compared(recorder.run(b)),
      code(a, b),
      data(a, b, withRows, signal),
    ]);
    return compareRuns(one, other, { code: ofCode, data: ofData });
  }

  return {
    compare,
    handlers: {
      runs: (asked, { signal }) => compare(asked, signal),
      async comparable({ runId }) {
        const { command } = recorder.run(runId);
        if (command.length === 0) return { previous: null, best: null };
        const program = programOfCommand(command);
        return recorder.comparableRuns(
          runId,
          (other) => other.length > 0 && programOfCommand(other) === program,
        );
      },
    },
  };
}
