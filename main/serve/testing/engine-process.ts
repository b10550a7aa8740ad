import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const entry = fileURLToPath(new URL('../../cli/benchtop.ts', import.meta.url));

/** An engine in a process of its own that a test may kill. */
export interface EngineProcess {
  readonly address: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves when it has closed its home. */
  stop(): Promise<void>;
}

/** Starts `benchtop serve` on a home and resolves when it is healthy. @throws with what it said when it ends before that. */
export async function startEngineProcess(home: string, port: number): Promise<EngineProcess> {
  const child = spawn(
    process.execPath,
    [entry, 'serve', '--auth', 'none', '--home', home, '--port', String(port)],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = once(child, 'exit');
  const address = `http://127.0.0.1:${port}`;
  for (;;) {
    const health = await fetch(`${address}/health`).catch(() => null);
    if (health?.ok === true) break;
    if (child.exitCode !== null) throw new Error(`The engine ended before it was healthy:\n${complaint}`);
    await sleep(50);
  }
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return { address, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
