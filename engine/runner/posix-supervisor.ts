import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { endTree } from './end-tree.ts';
import { allProcesses, bootId, isRunning, readProc } from './process-identity.ts';
import { readRecord, type RunFolder, writeJob } from './run-folder.ts';
import { runMark } from './run-mark.ts';
import { continueTree, stopTree } from './stop-tree.ts';
import { findProgram, programFolders, supervisingShell } from './supervising-shell.ts';
import type { FreeSupervisor, Ground, Handle, JobSpec, SupervisedRun, Supervisor } from './supervisor.ts';
import { type LimitedRun, type SupervisorShell, startSupervisorShell } from './supervisor-shell.ts';
import {
  ownVariables,
  saidShort,
  supervisorFormat,
  supervisorPrograms,
  supervisorScript,
  toldJob,
  type SupervisorPrograms,
} from './supervisor-script.ts';

/** The shell's own time limit comes this much after the engine's, which ends the whole tree and not only the group. */
const fallBackAfterMs = 3000;
/** A shell without work is kept this long: the next run may come soon. */
const idleMs = 2000;

/**
 * Supervision by shells of 2 to 4 MB, each of which has one run at a time. Linux only: it reads /proc. Throws `unsupported`
 * elsewhere.
 */
export function createPosixSupervisor(home: string): Supervisor {
  if (process.platform !== 'linux') {
    throw new BenchtopError({
      code: 'unsupported',
      what: `Runs cannot be started on ${process.platform} yet.`,
      next: 'Log from your script through the MLflow address instead.',
    });
  }
  const runsPath = join(home, 'runs');
  const shells = new Set<SupervisorShell>();
  /** By what they can begin: a run finds its environment and its folder as if the shell had been started for it alone. */
  const idle = new Map<string, { shell: SupervisorShell; timer: NodeJS.Timeout }[]>();
  let isClosed = false;
  let scriptPath: string | undefined;

  /** @param own what sets a run's own variables (`ownText`). */
  function newShell(
    { workingFolder, environment }: Ground,
    own: string,
    limited: LimitedRun | null,
  ): SupervisorShell {
    scriptPath ??= writeScript(runsPath);
    const kind = supervisingShell(environment);
    const ground = {
      workingFolder,
      environment: { ...environment, [ownVariables]: `${kind.givingBack}${own}` },
    };
    const about = { kind, scriptPath, runsPath, bootId: bootId() };
    const shell = startSupervisorShell(ground, about, limited, () => shells.delete(shell));
    shells.add(shell);
    return shell;
  }

  function idleShell(key: string): SupervisorShell | null {
    const free = idle.get(key) ?? [];
    for (let entry = free.pop(); entry !== undefined; entry = free.pop()) {
      clearTimeout(entry.timer);
      if (!entry.shell.isGone) return entry.shell;
    }
    idle.delete(key);
    return null;
  }

  function rest(key: string, shell: SupervisorShell): void {
    if (isClosed || shell.isGone) return shell.close();
    const free = idle.get(key) ?? [];
    idle.set(key, free);
    const entry = {
      shell,
      timer: setTimeout(() => {
        free.splice(free.indexOf(entry), 1);
        if (free.length === 0) idle.delete(key);
        shell.close();
      }, idleMs).unref(),
    };
    free.push(entry);
  }

  return {
    take(run, ground): FreeSupervisor {
      checkFolder(ground.workingFolder);
      const { runId, timeLimitMs } = run;
      const own = ownText(run);
      if (timeLimitMs !== null) {
        const limitS = Math.ceil((timeLimitMs + fallBackAfterMs) / 1000);
        const shell = newShell(ground, own, { runId, limitS });
        return freeSupervisor(shell, () => shell.close());
      }
      const key = JSON.stringify([ground.workingFolder, digestOf(ground.environment), own]);
      const shell = idleShell(key) ?? newShell(ground, own, null);
      return freeSupervisor(shell, () => rest(key, shell));
    },
    attach: handleOf,
    close() {
      isClosed = true;
      for (const free of idle.values()) for (const { timer } of free) clearTimeout(timer);
      for (const shell of shells) shell.close();
    },
  };
}

const digests = new WeakMap<Ground['environment'], string>();

/** What is the same for the same variables; of one object it is told once. */
function digestOf(environment: Ground['environment']): string {
  const digest = digests.get(environment) ?? hash('sha256', JSON.stringify(environment));
  digests.set(environment, digest);
  return digest;
}

/** A shell that is there already would begin in a folder that is not. */
function checkFolder(workingFolder: string): void {
  if (statSync(workingFolder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  throw new BenchtopError({
    code: 'cannot-start',
    what: `The folder to run in is not there: ${workingFolder}.`,
    next: 'Check that it was not moved, and that its disk is plugged in.',
  });
}

/** @param release lets the shell go when it has nothing to do. */
const freeSupervisor = (shell: SupervisorShell, release: () => void): FreeSupervisor => ({
  name: shell.name,
  begin(job) {
    const ended = shell.begin(toldJob(asked(job), (text) => writeJob(job.folder, text)));
    void ended.then(release);
    return { ...handleOf(job.runId, job.folder), supervisorGone: ended };
  },
  release,
});

/** @throws {BenchtopError} `cannot-start` for a word that no program can be given. */
function asked({ runId, command }: JobSpec): { runId: string; mark: string; command: readonly string[] } {
  if (command.some((word) => word.includes('\0')))
    throw new BenchtopError({ code: 'cannot-start', what: 'A word of the command has a zero byte in it.' });
  return { runId, mark: runMark(runId), command };
}

/** The variables of a run in words that are the same for all whose variables differ by the run and its folder alone. */
const ownText = ({ runId, folder, ownEnvironment }: SupervisedRun): string =>
  Object.entries(ownEnvironment)
    .map(([name, value]) => `export ${name}=${saidShort(value, runId, folder.path)}`)
    .join('; ');

const never = new Promise<void>(() => undefined);

function handleOf(runId: string, folder: RunFolder): Handle {
  return {
    supervisorGone: never,
    isSupervised: () => hasSupervisor(folder),
    isChildRunning() {
      const start = readRecord(folder, 'start');
      return start !== null && isRunning(start);
    },
    async end(graceMs) {
      return endTree(readRecord(folder, 'start'), runMark(runId), graceMs);
    },
    setPaused(isPaused) {
      (isPaused ? stopTree : continueTree)(readRecord(folder, 'start'), runMark(runId));
    },
  };
}

/** Looks for the shell that supervises, which the run's spec names, or one that is about to become the command. */
function hasSupervisor(folder: RunFolder): boolean {
  const name = readRecord(folder, 'spec')?.supervisor ?? null;
  const path = Buffer.from(folder.path).toString('latin1');
  return allProcesses().some(({ pid }) => {
    const words = (readProc(`/proc/${pid}/cmdline`) ?? '').split('\0');
    return (
      words.some((word) => supervisorName.test(word)) && words.some((word) => word === path || word === name)
    );
  });
}

const supervisorName = /\/supervise-\d+\.sh$/;

/** Writes the script where it is not there yet, and returns its path. */
function writeScript(folder: string): string {
  const path = join(folder, `supervise-${supervisorFormat}.sh`);
  const text = supervisorScript(findPrograms());
  try {
    if (readFileSync(path, 'utf8') === text) return path;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // By rename: a shell reads its script while it runs, so a file in use is never written to.
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return path;
}

function findPrograms(): SupervisorPrograms {
  const found = supervisorPrograms.map((name) => {
    const path = findProgram(name);
    if (path !== undefined) return [name, path];
    throw new BenchtopError({
      code: 'cannot-start',
      what: `The program "${name}" is missing; Benchtop needs it to supervise a run.`,
      evidence: `Looked in ${programFolders().join(', ')}.`,
      next: 'Install the packages coreutils and util-linux.',
    });
  });
  return Object.fromEntries(found) as SupervisorPrograms;
}
