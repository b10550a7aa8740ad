import { spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { endTree } from './end-tree.ts';
import { allProcesses, isRunning, readProc } from './process-identity.ts';
import { readRecord, type RunFolder } from './run-folder.ts';
import { runMark } from './run-mark.ts';
import { continueTree, stopTree } from './stop-tree.ts';
import type { Handle, Supervisor } from './supervisor.ts';
import {
  supervisorFormat,
  supervisorPrograms,
  supervisorScript,
  type SupervisorPrograms,
} from './supervisor-script.ts';

/** The shell's own time limit comes this much after the engine's, which ends the whole tree and not only the group. */
const fallBackAfterMs = 3000;

/** Supervision by a shell of about 2 MB per run. Linux only: it reads /proc. Throws `unsupported` elsewhere. */
export function createPosixSupervisor(home: string): Supervisor {
  if (process.platform !== 'linux') {
    throw new BenchtopError({
      code: 'unsupported',
      what: `Runs cannot be started on ${process.platform} yet.`,
      next: 'Log from your script through the MLflow address instead.',
    });
  }
  let scriptPath: string | undefined;

  return {
    launch(spec) {
      scriptPath ??= writeScript(home);
      const { folder, command, workingFolder, environment, timeLimitMs } = spec;
      const limitS = timeLimitMs === null ? 0 : Math.ceil((timeLimitMs + fallBackAfterMs) / 1000);
      const child = spawn(
        '/bin/sh',
        [scriptPath, folder.path, String(limitS), runMark(spec.runId), ...command],
        {
          cwd: workingFolder,
          env: environment,
          detached: true,
          stdio: 'ignore',
        },
      );
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.unref();
      return new Promise((resolve, reject) => {
        child.once('spawn', () => resolve(handleOf(spec.runId, folder, gone)));
        child.once('error', (cause) =>
          reject(
            new BenchtopError(
              {
                code: 'cannot-start',
                what: `The system refused to start the supervisor of this run in ${workingFolder}.`,
                evidence: cause.message,
              },
              { cause },
            ),
          ),
        );
      });
    },
    attach: (runId, folder) => handleOf(runId, folder, new Promise(() => {})),
  };
}

function handleOf(runId: string, folder: RunFolder, supervisorGone: Promise<void>): Handle {
  return {
    supervisorGone,
    isSupervised: () => hasSupervisor(folder.path),
    async isChildRunning() {
      const start = await readRecord(folder, 'start');
      return start !== null && isRunning(start);
    },
    async end(graceMs) {
      return endTree(await readRecord(folder, 'start'), runMark(runId), graceMs);
    },
    async setPaused(isPaused) {
      (isPaused ? stopTree : continueTree)(await readRecord(folder, 'start'), runMark(runId));
    },
  };
}

/** Looks for the shell that supervises, or is about to become the command: both are given the run's folder. */
function hasSupervisor(folderPath: string): boolean {
  return allProcesses().some(({ pid }) => {
    const words = (readProc(`/proc/${pid}/cmdline`) ?? '').split('\0');
    return (
      words.includes(Buffer.from(folderPath).toString('latin1')) &&
      words.some((word) => supervisorName.test(word))
    );
  });
}

const supervisorName = /\/supervise-\d+\.sh$/;

/** Writes the script where it is not there yet, and returns its path. */
function writeScript(home: string): string {
  const folder = join(home, 'runs');
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
  const folders = ['/usr/bin', '/bin', ...(process.env['PATH'] ?? '').split(':')].filter((folder) =>
    folder.startsWith('/'),
  );
  const found = supervisorPrograms.map((name) => {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (path !== undefined) return [name, path];
    throw new BenchtopError({
      code: 'cannot-start',
      what: `The program "${name}" is missing; Benchtop needs it to supervise a run.`,
      evidence: `Looked in ${folders.join(', ')}.`,
      next: 'Install the packages coreutils and util-linux.',
    });
  });
  return Object.fromEntries(found) as SupervisorPrograms;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
