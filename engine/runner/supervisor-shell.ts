import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { SupervisingShell } from './supervising-shell.ts';
import type { Ground } from './supervisor.ts';

/** One shell that supervises (supervisor-script.ts), as the engine that started it sees it. */
export interface SupervisorShell {
  readonly name: string;
  /** Set once it is gone, or could not be started. */
  readonly isGone: boolean;
  /** Tells it of the next job (`toldJob`). Resolves when that has ended, or the shell is gone. */
  begin(lines: string): Promise<void>;
  /** No more will come: it leaves after the job that it has. */
  close(): void;
}

/** A run that is to end after so many seconds also where there is no engine. */
export interface LimitedRun {
  readonly runId: string;
  readonly limitS: number;
}

/** Starts a shell in a session of its own, which does not keep this process alive. `onGone` is told its end, with why. */
export function startSupervisorShell(
  { workingFolder, environment }: Ground,
  {
    kind,
    scriptPath,
    runsPath,
    bootId,
  }: { kind: SupervisingShell; scriptPath: string; runsPath: string; bootId: string },
  limited: LimitedRun | null,
  onGone: (problem: Error | null) => void,
): SupervisorShell {
  const name = `shell-${randomBytes(8).toString('hex')}`;
  const said = namelessFile(join(runsPath, `.${name}`));
  const [program, ...options] = kind.words;
  const limit = [String(limited?.limitS ?? 0), limited?.runId ?? ''];
  const child = spawn(program, [...options, scriptPath, runsPath, bootId, name, ...limit, kind.way], {
    cwd: workingFolder,
    env: environment,
    detached: true,
    stdio: ['pipe', 'pipe', said],
  }) as ChildProcessByStdio<Writable, Readable, null>;
  closeSync(said);
  const { stdin, stdout } = child;
  let isGone = false;
  let ended: (() => void) | null = null;
  let told = '';

  function leave(problem: Error | null): void {
    if (isGone) return;
    isGone = true;
    ended?.();
    ended = null;
    onGone(problem);
  }

  child.once('exit', () => leave(null));
  child.once('error', leave);
  // A shell that is gone takes no job; its end is what tells.
  stdin.on('error', () => undefined);
  stdout.on('error', () => undefined);
  stdout.setEncoding('latin1').on('data', (text: string) => {
    told += text;
    for (let end = told.indexOf('\n'); end >= 0; end = told.indexOf('\n')) {
      const word = told.slice(0, end);
      told = told.slice(end + 1);
      if (word !== 'ended') continue;
      const over = ended;
      ended = null;
      over?.();
    }
  });
  child.unref();
  for (const stream of [stdin, stdout]) if (stream instanceof Socket) stream.unref();

  return {
    name,
    get isGone() {
      return isGone;
    },
    begin(lines) {
      return new Promise((resolve) => {
        ended = resolve;
        stdin.write(lines);
      });
    },
    close() {
      stdin.end();
      if (ended !== null) stdout.destroy();
    },
  };
}

/** A file for a child to write to, which is gone as soon as nobody has it open. */
function namelessFile(path: string): number {
  const file = openSync(path, 'ax+', 0o600);
  unlinkSync(path);
  return file;
}
