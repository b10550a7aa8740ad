import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute } from 'node:path';
import { z } from 'zod';

type Environment = Record<string, string | undefined>;

const patienceMs = 5000;
const kept = z.object({ shell: z.string(), path: z.string() });

/**
 * True for a program that was started from an icon: its PATH is the session's, without what the person's shell adds to it.
 * One that was started from a terminal has the terminal's.
 */
export function isFromIcon(env: Environment, platform: NodeJS.Platform): boolean {
  return platform !== 'win32' && (env['TERM'] ?? 'dumb') === 'dumb';
}

/** The PATH in what a shell printed between two marks, among greetings of its start-up files; null when it is not there. */
export function pathBetweenMarks(output: string, mark: string): string | null {
  const [, between] = output.split(mark);
  const path = between === undefined ? undefined : /^PATH=(.*)$/m.exec(between)?.[1];
  return path === undefined || path === '' ? null : path;
}

/** The folders of the login shell first, then those that only the session has; each once, relative ones left out. */
export function joinedPath(ofShell: string, own: string): string {
  const folders = [...ofShell.split(':'), ...own.split(':')].filter(isAbsolute);
  return [...new Set(folders)].join(':');
}

/**
 * Gives this process the PATH that the person's login shell has, so that their interpreters are found and their scripts run as
 * in a terminal. What the shell said last time, kept in a file, is used at once; the shell is asked anew beside the start,
 * since its start-up files may take seconds.
 */
export async function takeLoginPath(env: Environment, keptPath: string): Promise<void> {
  const shell = env['SHELL'] ?? (process.platform === 'darwin' ? '/bin/zsh' : '/bin/bash');
  const own = env['PATH'] ?? '';
  const before = readKept(keptPath);
  if (before?.shell === shell) env['PATH'] = joinedPath(before.path, own);
  const path = await askShell(shell, env);
  if (path === null) return;
  env['PATH'] = joinedPath(path, own);
  if (before?.shell === shell && before.path === path) return;
  mkdirSync(dirname(keptPath), { recursive: true, mode: 0o700 });
  writeFileSync(`${keptPath}.new`, JSON.stringify({ shell, path }), { mode: 0o600 });
  renameSync(`${keptPath}.new`, keptPath);
}

/** Runs the shell once as a login shell of a terminal; null when it cannot say its PATH in time. */
export function askShell(shell: string, env: Environment, withinMs = patienceMs): Promise<string | null> {
  const mark = randomUUID();
  // The program `env` prints the same from every kind of shell.
  const command = `printf '%s' '${mark}'; /usr/bin/env; printf '%s' '${mark}'`;
  const how = ['csh', 'tcsh'].includes(basename(shell)) ? '-ic' : '-ilc';
  return new Promise((resolve) => {
    const child = spawn(shell, [how, command], {
      env,
      // A group of its own: an interactive shell takes the terminal, and what its files start ends with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    const end = () => {
      clearTimeout(timer);
      resolve(pathBetweenMarks(output, mark));
    };
    const timer = setTimeout(() => {
      endGroup(child.pid);
      end();
    }, withinMs);
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.once('error', end);
    child.once('close', end);
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // Gone by itself in the meantime.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function readKept(path: string): z.infer<typeof kept> | null {
  try {
    return kept.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // not asked before, or not ours: the shell is asked
  }
}
