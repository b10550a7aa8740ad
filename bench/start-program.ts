import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface StartedProgram {
  readonly pid: number;
  /** The address it printed, with its token in the fragment if it has one. */
  readonly url: URL;
  /** From spawn to the first answer of GET /health that says OK. */
  readonly healthyAfterMs: number;
  /** Asks it to end (SIGTERM) and waits until it has. */
  stop(): Promise<void>;
}

/** A measure that fails half-way must not leave its programs running. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill()));

/**
 * Starts a program under this same Node that prints one line with its address when it listens.
 * @throws when it ends before that, with what it said on stderr.
 */
export async function startProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<StartedProgram> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  const url = await Promise.race([
    addressIn(createInterface(child.stdout)),
    exited.then(() => {
      throw new Error(`${args.join(' ')} ended before it listened:\n${complaint}`);
    }),
  ]);
  const health = await fetch(new URL('/health', url));
  if ((await health.text()) !== 'OK') throw new Error(`${url.origin}/health answers ${health.status}`);
  const healthyAfterMs = performance.now() - startedAt;
  if (child.pid === undefined) throw new Error(`${args.join(' ')} has no process id`);
  return {
    pid: child.pid,
    url,
    healthyAfterMs,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function addressIn(lines: AsyncIterable<string>): Promise<URL> {
  for await (const line of lines) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address !== undefined) return new URL(address);
  }
  return new Promise(() => undefined); // its output ended; its exit says the rest
}
