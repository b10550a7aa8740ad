import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBenchtop, type Peer } from './testing/mlflow-peers.ts';
import { wrongRequests } from './testing/requests/wrong-requests.ts';

let folder: string;
let benchtop: Peer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'benchtop-bad-input-'));
  benchtop = await startBenchtop(join(folder, 'home'));
});
afterAll(async () => {
  await benchtop.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('odd values of every field are taken or refused with a 4xx in JSON, never with a 5xx, and a refusal changes nothing', async () => {
  const json = { contentType: 'application/json' };
  const created = await benchtop.ask('POST', '/api/2.0/mlflow/runs/create', {
    experiment_id: '0',
    start_time: 1,
  });
  const run = (created.json as { run: { info: { run_id: string } } }).run.info.run_id;
  const state = async () =>
    JSON.stringify(await benchtop.ask('GET', `/api/2.0/mlflow/runs/get?run_id=${run}`));
  const wrong: string[] = [];
  let refused = 0;
  let before = await state();
  for (const { what, request } of wrongRequests()) {
    const body = String(request.body).replaceAll('RUN', run);
    const { status, json: answer } = await benchtop.ask(request.method, request.path, body, json);
    const after = await state();
    if (status >= 400) {
      refused++;
      const isJson =
        typeof answer === 'object' && answer !== null && 'error_code' in answer && 'message' in answer;
      if (status >= 500 || !isJson || after !== before) wrong.push(`${what}: ${request.path} ${status}`);
    }
    before = after;
  }
  expect(wrong).toEqual([]);
  expect(refused).toBeGreaterThan(500);
});
