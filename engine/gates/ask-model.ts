import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchtopError, type Run } from '../../contract/index.ts';
import { inScratch, runForEvidence } from './evidence-run.ts';
import type { GateRooms } from './gate-rooms.ts';
import type { JudgedFile } from './judged-version.ts';
import type { RegisteredVersion } from './registered-version.ts';

const timeLimitMs = 60 * 60_000;

/** A question to a model, put by a program that loads it. */
interface ModelQuestion {
  /** What the run is called: `predictions`. */
  readonly name: string;
  /** The program; it is given the model, the folder of the tables and the settings. */
  readonly program: string;
  /** Gives the folder of the tables, which may be laid into an empty one. */
  readonly tablesIn: (empty: string) => Promise<string>;
  readonly settings: object;
  /** The file that it has to leave. */
  readonly answer: string;
  /** What else may be done where the model cannot be asked. */
  readonly otherwise: string;
}

/**
 * Puts a question to a version in the environment of its run. Loading a model runs code that it holds: that is done in a run of its own,
 * never here.
 * @returns the run, the file that was asked for, and all files that it left
 * @throws {BenchtopError} where its environment is not known, or it cannot be loaded or asked.
 */
export async function askModel(
  rooms: GateRooms,
  version: RegisteredVersion,
  { name, program, tablesIn, settings, answer, otherwise }: ModelQuestion,
  signal: AbortSignal,
): Promise<{ run: Run; answered: JudgedFile & { objectId: string }; left: readonly JudgedFile[] }> {
  const run = version.runId === null ? null : rooms.run(version.runId);
  const environment = run === null ? null : await rooms.environmentOf(run.id);
  const projectId = run?.projectId ?? null;
  if (environment === null || environment.interpreter?.language !== 'python' || projectId === null)
    throw new BenchtopError({
      code: 'unsupported',
      what: `In what environment version ${version.version} can be loaded is not known: no Python was recorded with its run.`,
      next: otherwise,
    });
  const python = await rooms.pythonFor(environment, signal);
  const model = await rooms.modelPath(version.name, version.version);
  const about = `${version.name}/${version.version}`;
  return inScratch(rooms.scratchPath, `gate-${randomBytes(8).toString('hex')}`, async (folder) => {
    const workingFolder = join(folder, 'work');
    await mkdir(workingFolder, { recursive: true });
    const tables = await tablesIn(join(folder, 'held-out'));
    const ended = await runForEvidence(
      rooms,
      {
        projectId,
        name: `${name} of ${about}`.slice(0, 250),
        about,
        command: [python, program, model, tables, JSON.stringify(settings)],
        workingFolder,
        python,
        timeLimitMs,
      },
      signal,
    );
    const left = rooms.artifacts(ended.id);
    const answered = left.find(({ path }) => path === answer);
    if (ended.status === 'finished' && answered !== undefined && answered.objectId !== null)
      return { run: ended, answered: { ...answered, objectId: answered.objectId }, left };
    throw new BenchtopError({
      code: 'cannot-start',
      what: `Version ${version.version} did not answer the rows: ${ended.ending ?? ended.status}.`,
      evidence: await rooms.lastOutput(ended.id),
      next: `\`benchtop logs ${ended.id.slice(0, 8)}\` has all of it. ${otherwise}`,
    });
  });
}
