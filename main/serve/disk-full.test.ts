import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fillDisk, mountSmallDisk, noSmallDisk } from '../../engine/fixture-small-disk.ts';
import { startBenchtop, type Ask, type Peer } from './testing/mlflow-peers.ts';

const disk = mountSmallDisk();
if (disk === null) console.log(noSmallDisk);

const metricsFrom = (from: number) =>
  Array.from({ length: 500 }, (_, index) => ({
    key: 'loss',
    step: from + index,
    timestamp: 1_767_225_600_000 + from + index,
    value: Math.sin(from + index),
  }));

async function storedSteps(ask: Ask, runId: string): Promise<number[]> {
  const { status, json } = await ask(
    'GET',
    `/api/2.0/mlflow/metrics/get-history?run_id=${runId}&metric_key=loss`,
  );
  expect(status).toBe(200);
  return ((json as { metrics?: { step: number }[] }).metrics ?? []).map(({ step }) => step);
}

test.skipIf(disk === null)(
  'a full disk is a clear refusal that no client repeats; recording goes on when there is space again',
  async () => {
    const path = disk?.path ?? '';
    let benchtop: Peer | undefined;
    try {
      benchtop = await startBenchtop(join(path, 'home'));
      const { ask } = benchtop;
      const created = await ask('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 });
      const runId = (created.json as { run: { info: { run_id: string } } }).run.info.run_id;
      const acknowledged: number[] = [];
      const log = async (from: number) => {
        const metrics = metricsFrom(from);
        const answer = await ask('POST', '/api/2.0/mlflow/runs/log-batch', { run_id: runId, metrics });
        if (answer.status === 200) acknowledged.push(...metrics.map(({ step }) => step));
        return answer;
      };
      expect((await log(0)).status).toBe(200);

      fillDisk(join(path, 'filler'));
      let refused: Awaited<ReturnType<typeof log>> | undefined;
      for (let from = 1000; refused === undefined && from < 400_000; from += 1000) {
        const answer = await log(from);
        if (answer.status !== 200) refused = answer;
      }
      // 507 is not among the statuses that MLflow's client sends again for minutes (408, 429, 500, 502, 503, 504).
      expect(refused).toMatchObject({ status: 507, json: { error_code: 'RESOURCE_EXHAUSTED' } });
      expect(JSON.stringify(refused?.json)).toContain('disk is full');
      const upload = await ask(
        'PUT',
        `/api/2.0/mlflow-artifacts/artifacts/0/${runId}/artifacts/model.bin`,
        'x'.repeat(300_000),
      );
      expect(upload.status).toBe(507);
      const ending = await ask('POST', '/api/2.0/mlflow/runs/update', { run_id: runId, status: 'FINISHED' });
      expect(ending.status).toBe(507);
      // What is there can still be read, and says what is true.
      expect(await ask('GET', `/api/2.0/mlflow/runs/get?run_id=${runId}`)).toMatchObject({
        status: 200,
        json: { run: { info: { status: 'RUNNING' } } },
      });

      rmSync(join(path, 'filler'));
      expect((await log(500_000)).status).toBe(200);
      expect(
        (await ask('POST', '/api/2.0/mlflow/runs/update', { run_id: runId, status: 'FINISHED' })).status,
      ).toBe(200);
      expect(await storedSteps(ask, runId)).toEqual(acknowledged);
      const files = await ask('GET', `/api/2.0/mlflow/artifacts/list?run_id=${runId}`);
      expect(JSON.stringify(files.json)).not.toContain('model.bin');

      await benchtop.stop();
      benchtop = await startBenchtop(join(path, 'home'));
      expect(await storedSteps(benchtop.ask, runId)).toEqual(acknowledged);
    } finally {
      await benchtop?.stop();
      disk?.unmount();
    }
  },
  120_000,
);
