import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import {
  BenchtopError,
  type Project,
  type RoomHandlers,
  runEnvironment,
  type RunEnvironment,
} from '../../contract/index.ts';
import { prepared, type Store } from '../store/index.ts';
import { createEnvironmentCapture, programOf } from './capture-environment.ts';
import { numberOfPart } from './environment-parts.ts';
import { environmentLock, requirementsText, type CapturedEnvironment } from './environment-lock.ts';
import {
  interpreterOfCommand,
  newProgramLook,
  type CommandProgram,
  type StartedCommand,
} from './interpreter-of-command.ts';
import { interpreterStamp } from './interpreter-stamp.ts';
import { listInterpreters, placeOf } from './list-interpreters.ts';
import { createInterpreterProbe } from './probe-interpreter.ts';
import { environmentDifferences } from './environment-differences.ts';
import { packageLicences, type PackageLicence } from './package-licences.ts';
import { rebuiltEnvironment } from './rebuild-environment.ts';
import { scriptArguments } from './script-arguments.ts';

export interface Environments {
  readonly handlers: RoomHandlers<'environments'>;
  /** Records what a run runs with, beside it: returns at once and never throws. Runs of a group follow each other closely. */
  runStarted(runId: string, started: StartedCommand & { readonly group: string | null }): void;
  /** What a run ran with; waits for what is being recorded. Null when nothing was. */
  ofRun(runId: string): Promise<RunEnvironment | null>;
  /** What a command would run with now. Records nothing. */
  current(started: StartedCommand): Promise<CapturedEnvironment>;
  /** Tells the program that a command uses, by names and first lines alone. For one look at several: each program is looked for once. */
  lookForInterpreters(): (started: StartedCommand) => CommandProgram | null;
  /** Changes when what `programOf` tells of a command may have changed; null where it has to be asked. Starts nothing. */
  stampOf(program: CommandProgram, started: StartedCommand): string | null;
  /** The interpreter that a command would use now, and the packages that it sees. */
  programOf(started: StartedCommand): Promise<Pick<CapturedEnvironment, 'interpreter' | 'packages'>>;
  /** The Python of an environment that holds what a lock names; built where there is none yet. @throws {BenchtopError} */
  rebuilt(environment: RunEnvironment, signal: AbortSignal): Promise<string>;
  /** A Python with the packages of a recorded environment: the very one while it has them, else one built anew. @throws {BenchtopError} */
  pythonFor(environment: RunEnvironment, signal: AbortSignal): Promise<string>;
  /** What the packages of a recorded environment say of their licences. */
  licences(environment: RunEnvironment): Promise<PackageLicence[]>;
  /** The interpreter that a project was given; null when none was chosen. */
  chosenInterpreter(projectId: string): string | null;
  /** Waits for what is being recorded. */
  close(): Promise<void>;
}

const capturedEnvironment = runEnvironment.omit({ lockId: true });

/** Under this key a project's preferences hold the path of its interpreter. */
const choiceKey = 'environments.interpreter';

export function createEnvironments(options: {
  store: Store;
  now: () => number;
  /** @throws {BenchtopError} `not-found` */
  project: (projectId: string) => Pick<Project, 'path'>;
  preferences: {
    read(scope: string): Readonly<Record<string, unknown>>;
    write(scope: string, key: string, value: string | null): Promise<void>;
  };
  /** Where environments are built anew. */
  environmentsPath: string;
  /** resources/python/script_arguments.py */
  readerPath: string;
  onUnexpected: (error: unknown, where: string) => void;
  env?: Readonly<Record<string, string | undefined>>;
}): Environments {
  const {
    store,
    now,
    project,
    preferences,
    environmentsPath,
    readerPath,
    onUnexpected,
    env = process.env,
  } = options;
  const probe = createInterpreterProbe();
  const underWay = new Map<string, Promise<void>>();
  const environmentCapture = createEnvironmentCapture();

  function chosenPath(projectId: string): string | null {
    const path = preferences.read(projectId)[choiceKey];
    return typeof path === 'string' ? path : null;
  }

  async function record(
    runId: string,
    started: StartedCommand & { readonly group: string | null },
  ): Promise<void> {
    const { packages, capturedAt, ...facts } = await environmentCapture.capture(started, now());
    await store.writeSoon('environments.record', (db) => {
      prepared(
        db,
        `INSERT INTO run_environment (run_id, captured_at, packages, facts) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET captured_at = excluded.captured_at, packages = excluded.packages, facts = excluded.facts`,
      ).run(
        runId,
        capturedAt,
        packages === null ? null : numberOfPart(db, JSON.stringify(packages)),
        numberOfPart(db, JSON.stringify(facts)),
      );
    });
  }

  async function ofRun(runId: string): Promise<RunEnvironment | null> {
    const work = underWay.get(runId);
    if (work !== undefined) environmentCapture.hurry();
    await work;
    return recordedEnvironment(store, runId);
  }

  const rebuilt = (environment: RunEnvironment, signal: AbortSignal) =>
    rebuiltEnvironment(environmentsPath, environment, signal);

  return {
    handlers: {
      async list({ projectId }) {
        const { path: projectPath } = project(projectId);
        return listInterpreters({ projectPath, chosenPath: chosenPath(projectId), env, probe });
      },
      async choose({ projectId, path }) {
        project(projectId);
        if (path !== null) {
          const { problem } = await probe(path, placeOf(path).language);
          if (problem !== null)
            throw new BenchtopError({
              code: 'invalid-input',
              what: `${path} cannot be the interpreter of the project.`,
              evidence: `It ${problem}.`,
              next: 'Choose one that `benchtop env list` shows as usable.',
            });
        }
        await preferences.write(projectId, choiceKey, path);
        return {};
      },
      scriptArguments({ projectId, command, workingFolder }) {
        return scriptArguments({
          command,
          workingFolder: resolve(project(projectId).path, workingFolder),
          readerPath,
          python: chosenPath(projectId) ?? 'python3',
        });
      },
      ofRun: ({ runId }) => ofRun(runId),
      async lock({ runId }) {
        const environment = await ofRun(runId);
        if (environment === null)
          throw new BenchtopError({
            code: 'not-found',
            what: `No environment was recorded for run ${runId}.`,
            next: 'It is recorded for runs that Benchtop starts.',
          });
        return { ...environmentLock(environment), requirements: requirementsText(environment) };
      },
    },
    ofRun,
    current: (started) => environmentCapture.capture({ ...started, group: null }, now()),
    lookForInterpreters() {
      const look = newProgramLook();
      return (started) => interpreterOfCommand(started, look);
    },
    stampOf: interpreterStamp,
    programOf,
    rebuilt,
    async pythonFor(environment, signal) {
      const path = environment.interpreter?.path ?? '';
      const current = await environmentCapture.capture(
        { command: [path], workingFolder: tmpdir(), environment: env, group: null },
        now(),
      );
      const { packages, interpreter } = environmentDifferences(environment, current);
      return packages?.length === 0 && interpreter.length === 0 ? path : rebuilt(environment, signal);
    },
    licences: async (environment) =>
      packageLicences(environment, await probe(environment.interpreter?.path ?? '', 'python')),
    chosenInterpreter: chosenPath,
    runStarted(runId, started) {
      const work = record(runId, started)
        .catch((error: unknown) => onUnexpected(error, `the environment of run ${runId}`))
        .finally(() => underWay.delete(runId));
      underWay.set(runId, work);
    },
    async close() {
      environmentCapture.hurry();
      await Promise.all(underWay.values());
    },
  };
}

function recordedEnvironment(store: Store, runId: string): RunEnvironment | null {
  const row = store.now((db) =>
    db
      .prepare(
        `SELECT e.captured_at AS capturedAt, f.text AS facts, p.text AS packages FROM run_environment e
         JOIN environment_part f ON f.id = e.facts LEFT JOIN environment_part p ON p.id = e.packages WHERE e.run_id = ?`,
      )
      .get(runId),
  ) as { capturedAt: number; facts: string; packages: string | null } | undefined;
  if (row === undefined) return null;
  const environment = capturedEnvironment.parse({
    ...(JSON.parse(row.facts) as object),
    capturedAt: row.capturedAt,
    packages: JSON.parse(row.packages ?? 'null') as unknown,
  });
  return { ...environment, lockId: environmentLock(environment).id };
}
