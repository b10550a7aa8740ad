import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

/** Another Benchtop in the place of the team's server: it speaks MLflow, and starts at once. */
export async function startTeamEngine(home: string): Promise<{ port: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [program, 'serve', '--auth', 'none', '--home', home, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^benchtop ready (\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    return {
      port: Number(new URL(address).port),
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error('The team’s engine ended before it was ready.');
}
