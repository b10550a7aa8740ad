import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startEngineProcess } from './testing/engine-process.ts';
import { freePort } from './testing/mlflow-peers.ts';
import { wholeHistory } from './testing/metric-history.ts';
import { pythonEnvironment, quietMlflow } from '../../engine/fixture-python.ts';

const kills = 50;
const environment = pythonEnvironment();
if ('reason' in environment) console.log(`The real client is not run: ${environment.reason}`);

test.skipIf('reason' in environment)(
  `the real client logs through ${kills} kills of the engine: all that was acknowledged is there, once`,
  { timeout: 900_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'benchtop-ingest-long-'));
    const home = join(folder, 'home');
    const port = await freePort();
    let engine = await startEngineProcess(home, port);
    const client = spawn(
      'python' in environment ? environment.python : '',
      [join(import.meta.dirname, 'testing/ingest-client.py'), engine.address],
      {
        env: { ...process.env, ...quietMlflow, MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    try {
      const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
      const { run } = JSON.parse((await lines.next()).value as string) as { run: string };
      for (let killed = 0; killed < kills; killed++) {
        await sleep(200 + Math.random() * 1500);
        // Every third time the points are being put into their series: a reader wants them.
        if (killed % 3 === 2)
          void fetch(`${engine.address}/api/2.0/mlflow/runs/get?run_id=${run}`).catch(() => null);
        await engine.kill();
        engine = await startEngineProcess(home, port);
      }
      client.stdin.end();
      const { steps, repeated } = JSON.parse((await lines.next()).value as string) as {
        steps: Record<string, number>;
        repeated: number;
      };
      if (client.exitCode === null) await once(client, 'exit');
      for (const [key, count] of Object.entries(steps)) {
        const expected = Array.from({ length: count }, (_, step) => ({
          step,
          time: 1_767_225_600_000 + step,
          value: step * 0.5,
        }));
        expect(await wholeHistory(engine.address, run, key), key).toEqual(expected);
      }
      expect(repeated).toBeGreaterThan(0);
      console.log(
        `${kills} kills: ${steps.batch} points in batches and ${steps.single} alone, ${repeated} calls repeated; none lost, none twice`,
      );
      await engine.stop();
    } finally {
      client.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
