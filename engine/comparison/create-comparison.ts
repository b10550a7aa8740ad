import {
  reproducesTag,
  type RoomHandlers,
  type Run,
  type RunComparison,
  type RunEnvironment,
} from '../../contract/index.ts';
import { programOfCommand } from '../runner/index.ts';
import type { Recorder } from '../tracking/index.ts';
import { comparableRuns } from './comparable-runs.ts';
import { compareRuns, type PartComparison } from './compare-runs.ts';

/** How two runs compare in a part that a room keeps for them. */
export type ComparePart = (a: string, b: string) => Promise<PartComparison>;

export interface Comparison {
  readonly handlers: RoomHandlers<'comparison'>;
  /** @throws {BenchtopError} `not-found`. */
  runs(a: string, b: string): Promise<RunComparison>;
}

export function createComparison(options: {
  recorder: Pick<Recorder, 'run' | 'earlierRuns'>;
  environmentOf: (runId: string) => Promise<RunEnvironment | null>;
  code: ComparePart;
  data: ComparePart;
}): Comparison {
  const { recorder, environmentOf, code, data } = options;

  async function runs(a: string, b: string): Promise<RunComparison> {
    const compared = async (run: Run) => ({ run, environment: await environmentOf(run.id) });
    const [one, other, ofCode, ofData] = await Promise.all([
      compared(recorder.run(a)),
      compared(recorder.run(b)),
      code(a, b),
      data(a, b),
    ]);
    return compareRuns(one, other, { code: ofCode, data: ofData });
  }

  return {
    runs,
    handlers: {
      runs: ({ a, b }) => runs(a, b),
      comparable({ runId }) {
        const run = recorder.run(runId);
        const program = programOfCommand(run.command);
        const others =
          run.projectId === null || run.command.length === 0
            ? []
            : recorder.earlierRuns(run.projectId, (command) => programOfCommand(command) === program, 300);
        return comparableRuns(
          run,
          // A reproduction was made to be no different.
          others.filter(({ id, tags }) => id !== runId && tags[reproducesTag] === undefined),
        );
      },
    },
  };
}
