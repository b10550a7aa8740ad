import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startEngineProcess } from './testing/engine-process.ts';
import { freePort } from './testing/mlflow-peers.ts';
import { wholeHistory, type Measured } from './testing/metric-history.ts';

const kills = 5;

/** Sends a request until it is acknowledged, as a client does that must not lose anything. */
async function acknowledged(url: string, body: object): Promise<{ run?: { info: { run_id: string } } }> {
  for (;;) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      expect(response.status, text).toBe(200);
      return JSON.parse(text) as { run?: { info: { run_id: string } } };
    } catch (error) {
      // The engine is gone, or went in the middle of the answer.
      if (!(error instanceof TypeError)) throw error;
      await sleep(20);
    }
  }
}

test(`an engine killed ${kills} times while clients log loses nothing acknowledged and doubles nothing sent again`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'benchtop-ingest-'));
  try {
    const port = await freePort();
    let engine = await startEngineProcess(join(folder, 'home'), port);
    const api = `${engine.address}/api/2.0/mlflow`;
    const created = await acknowledged(`${api}/runs/create`, { experiment_id: '0', start_time: 1 });
    const runId = created.run?.info.run_id ?? '';
    const sent = new Map<string, Measured[]>();
    const over = new AbortController();

    const lane = async (number: number) => {
      for (let call = 0; !over.signal.aborted; call++) {
        const size = number === 0 ? 1 : 1 + ((call * 37) % 400);
        const metrics = Array.from({ length: size }, (_, index) => {
          const step = call * 400 + index;
          const key = `lane.${number}.${index % 3}`;
          const point = { step, time: 1_767_225_600_000 + step, value: Math.sin(step) };
          sent.set(key, [...(sent.get(key) ?? []), point]);
          return { key, step, timestamp: point.time, value: point.value };
        });
        const [only] = metrics;
        if (number === 0) await acknowledged(`${api}/runs/log-metric`, { run_id: runId, ...only });
        else await acknowledged(`${api}/runs/log-batch`, { run_id: runId, metrics });
      }
    };
    const lanes = [0, 1, 2].map(lane);
    for (let killed = 0; killed < kills; killed++) {
      await sleep(100 + Math.random() * 400);
      // Every second time the points are being put into their series: a reader wants them.
      if (killed % 2 === 1) void fetch(`${api}/runs/get?run_id=${runId}`).catch(() => null);
      await engine.kill();
      engine = await startEngineProcess(join(folder, 'home'), port);
    }
    over.abort();
    await Promise.all(lanes);
    for (const [key, points] of sent)
      expect(await wholeHistory(engine.address, runId, key), key).toEqual(points);
    await engine.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 180_000);
