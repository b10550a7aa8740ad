import { runningMs, type LearntNeeds, type Run } from '../../contract/index.ts';
import { programOfCommand } from './argument-params.ts';

/** So many runs before say enough; older ones ran another version of the script. */
const runsThatCount = 3;

/**
 * What a command will need, as its last runs tell: the most memory that any of them used, and how long those that came to
 * their end took (the median). Runs of the very same command count first, then those of the same script. `earlier` are runs of the
 * project that are over, the newest first. Null for each that none of them tells.
 */
export function learntNeeds(command: readonly string[], earlier: readonly Run[]): LearntNeeds {
  const program = programOfCommand(command);
  const text = JSON.stringify(command);
  const ofProgram = earlier.filter((run) => programOfCommand(run.command) === program);
  const ofCommand = ofProgram.filter((run) => JSON.stringify(run.command) === text);
  const told = (ofCommand.length > 0 ? ofCommand : ofProgram).slice(0, runsThatCount);
  const memory = told.flatMap((run) => run.metrics['system/memory_bytes']?.max ?? []);
  const durations = told
    .filter((run) => run.status === 'finished' && run.endedAt !== null)
    .flatMap((run) => runningMs(run, run.endedAt ?? 0) ?? [])
    .toSorted((one, other) => one - other);
  return {
    program,
    runCount: told.length,
    memoryBytes: memory.length === 0 ? null : Math.max(...memory),
    durationMs: durations[Math.floor((durations.length - 1) / 2)] ?? null,
    outOfMemoryCount: told.filter((run) => run.ending?.includes('out of memory') === true).length,
  };
}

/** "The last 3 runs of train.py used up to 11 GB; 6 GB are free." Null where memory will do, or nobody knows. */
export function memoryWarning(needs: LearntNeeds, freeBytes: number): string | null {
  const { program, runCount, memoryBytes, outOfMemoryCount } = needs;
  if (memoryBytes === null || memoryBytes <= freeBytes) return null;
  const runs = runCount === 1 ? `The last run of ${program}` : `The last ${runCount} runs of ${program}`;
  const ended =
    outOfMemoryCount === 0
      ? ''
      : outOfMemoryCount === 1
        ? ', and one ran out of memory'
        : `, and ${outOfMemoryCount} ran out of memory`;
  return `${runs} used up to ${gigabytes(memoryBytes)}${ended}; ${gigabytes(freeBytes)} are free.`;
}

const gigabytes = (bytes: number) => `${Number((bytes / 1e9).toPrecision(2))} GB`;
