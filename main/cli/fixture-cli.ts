import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { announcedAddress } from '../../engine/index.ts';

const entry = fileURLToPath(new URL('../../out/app/benchtop.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly ended: Promise<Ended>;
}

/** For tests: the built command line on a home of its own, in a folder that is a project. */
export function createCli() {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-cli-')));
  const home = join(root, 'home');
  const project = join(root, 'project');
  mkdirSync(project);

  function start(...args: string[]): Started {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: project,
      env: { ...process.env, BENCHTOP_HOME: home },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve) =>
      child.once('close', (code) => resolve({ code, stdout, stderr })),
    );
    return { child, stdout: () => stdout, ended };
  }

  return {
    project,
    start,
    cli: (...args: string[]) => start(...args).ended,
    /** Ends the engine that the first command started, and removes everything. */
    async end() {
      const pid = announcedAddress(home)?.pid;
      if (pid !== undefined) {
        process.kill(pid, 'SIGTERM');
        for (const until = Date.now() + 20_000; isAlive(pid) && Date.now() < until;) await sleep(50);
      }
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // ESRCH: gone
  }
}
