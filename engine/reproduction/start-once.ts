import { delimiter, dirname } from 'node:path';
import { BenchtopError, reproducesTag, type RunEnvironment } from '../../contract/index.ts';
import type { ReproductionRooms } from './create-reproduction.ts';
import { prepareGround } from './prepare-ground.ts';
import { readinessOf, type RunGround } from './readiness.ts';
import { isSeedName, reseed } from './reseed.ts';

/**
 * Starts a run once more in a folder of its own, with what was kept of it.
 * @param seedStep how far its seeds are moved on; 0 leaves them.
 * @throws {BenchtopError} `cannot-start` where something is missing, and what bringing it together says.
 */
export async function startOnce({
  ground,
  scratch,
  seedStep,
  rooms,
  signal,
}: {
  ground: RunGround;
  scratch: string;
  seedStep: number;
  rooms: Pick<ReproductionRooms, 'runner' | 'rebuiltEnvironment'> &
    Parameters<typeof prepareGround>[0]['kept'];
  signal: AbortSignal;
}): Promise<{ runId: string; caveats: string[]; seeds: string | null }> {
  const { canRun, items } = readinessOf(ground);
  const { run, snapshot, environment, inputs } = ground;
  const { projectId, workingFolder } = run;
  if (!canRun || snapshot === null || projectId === null || workingFolder === null)
    throw new BenchtopError({
      code: 'cannot-start',
      what: items.flatMap(({ state, what }) => (state === 'missing' ? [what] : [])).join(' '),
    });
  const prepared = await prepareGround({
    scratch,
    run: { id: run.id, command: run.command, workingFolder },
    snapshot,
    environment,
    inputs,
    kept: rooms,
    signal,
  });
  const isOther = items.some(({ part, state }) => part === 'environment' && state === 'differs');
  const python =
    isOther && environment !== null
      ? await rooms.rebuiltEnvironment(environment, signal)
      : (environment?.interpreter?.path ?? null);
  signal.throwIfAborted();
  const own = { command: prepared.command, variables: environment?.variables ?? {}, seeds: null };
  const { command, variables, seeds } =
    seedStep === 0 ? own : await reseed({ ...own, folder: prepared.workingFolder, step: seedStep });
  const params = Object.entries(run.params).filter(([name]) => seedStep === 0 || !isSeedName(name));
  const { runId } = await rooms.runner.start({
    projectId,
    command: isOther && python !== null ? withInterpreter(command, python) : command,
    name: nameOf(run.name, seedStep),
    scratchFolder: prepared.workingFolder,
    env: variablesFor(variables, python),
    params: Object.fromEntries(params),
    tags: { [reproducesTag]: run.id },
  });
  const doubts = items.flatMap(({ part, state, what }) =>
    state === 'differs' && part !== 'environment' && part !== 'seeds' ? [`${part}: ${what}`] : [],
  );
  return { runId, caveats: [...doubts, ...prepared.caveats], seeds };
}

const nameOf = (name: string, seedStep: number) =>
  `${name}, ${seedStep === 0 ? 'reproduced' : `repeat ${seedStep}`}`.slice(0, 250);

/** The variables that were set for the run and change how it computes; its interpreter comes first on the PATH. */
function variablesFor(variables: RunEnvironment['variables'], python: string | null): Record<string, string> {
  const { PATH = process.env['PATH'] ?? '', ...others } = variables;
  const set = Object.entries(others).filter(
    ([name, value]) => value !== '[redacted]' && name !== 'VIRTUAL_ENV' && process.env[name] !== value,
  );
  return {
    ...Object.fromEntries(set),
    PATH: python === null ? PATH : [dirname(python), PATH].join(delimiter),
  };
}

/** A command whose program is another Python; in the words of a shell the PATH has to do. */
function withInterpreter(command: readonly string[], python: string): string[] {
  return command.map((word, at) => (at === 0 && /(^|\/)python[\d.]*$/.test(word) ? python : word));
}
