import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './mlflow-peers.ts';

/** For tests: moto's server, which answers as S3 does and keeps all of it in memory. */
export async function startS3(python: string): Promise<{ address: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const address = `http://127.0.0.1:${port}`;
  for (;;) {
    const health = await fetch(`${address}/moto-api/data.json`).catch(() => null);
    if (health?.ok === true) break;
    if (child.exitCode !== null) throw new Error(`moto's server ended with ${child.exitCode}.`);
    await sleep(100);
  }
  return {
    address,
    async stop() {
      child.kill();
      await ended;
    },
  };
}
