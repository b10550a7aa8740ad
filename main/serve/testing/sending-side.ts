import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery, EngineApi } from '../../../contract/index.ts';
import { openEngine, type OpenEngine } from '../../../engine/fixture-engine.ts';

/** For tests: an engine in this process, by its contract and by its MLflow dialect. */
export interface SendingSide extends OpenEngine {
  /** A request of an MLflow client to it. @throws what it said, where it is no yes. */
  post(path: string, body: object): Promise<unknown>;
  put(path: string, body: Uint8Array): Promise<void>;
}

export async function openSendingSide(homePath: string): Promise<SendingSide> {
  const opened = await openEngine(homePath);
  async function ask(method: string, path: string, body: string | Uint8Array<ArrayBuffer>, type: string) {
    const response = await opened.engine.fetch(
      new Request(`http://127.0.0.1${path}`, { method, body, headers: { 'content-type': type } }),
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as unknown);
  }
  return {
    ...opened,
    post: (path, body) => ask('POST', `/api/2.0/mlflow/${path}`, JSON.stringify(body), 'application/json'),
    async put(path, body) {
      await ask(
        'PUT',
        `/api/2.0/mlflow-artifacts/artifacts/${path}`,
        Uint8Array.from(body),
        'application/octet-stream',
      );
    },
  };
}

/** What was recorded of one run, to be found again elsewhere. */
export interface RecordedSample {
  readonly runId: string;
  readonly experimentId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly points: ReadonlyMap<
    string,
    readonly { step: number; timestamp: number; value: number | string }[]
  >;
  readonly files: ReadonlyMap<string, string>;
}

/** When every recorded run began and ended, ms UTC. */
export const recordedFrom = 1_700_000_000_000;
export const recordedUntil = 1_700_000_900_000;

/** Records a run as an MLflow client would: params, tags, series with what JSON lacks, files. */
export async function recordRun(
  { post, put }: Pick<SendingSide, 'post' | 'put'>,
  input: {
    experimentId: string;
    name: string;
    parent?: string;
    series: number;
    points: number;
    files: readonly number[];
  },
): Promise<RecordedSample> {
  const { experimentId, name, parent } = input;
  const { run } = (await post('runs/create', {
    experiment_id: experimentId,
    run_name: name,
    start_time: recordedFrom,
    tags: [
      { key: 'mlflow.user', value: 'ada' },
      ...(parent === undefined ? [] : [{ key: 'mlflow.parentRunId', value: parent }]),
    ],
  })) as { run: { info: { run_id: string } } };
  const runId = run.info.run_id;
  const params = { lr: '0.1', name, long: 'x'.repeat(400) };
  await post('runs/log-batch', {
    run_id: runId,
    params: Object.entries(params).map(([key, value]) => ({ key, value })),
    tags: [{ key: 'note', value: `see runs:/${runId}/model` }],
  });
  const points = new Map<string, { step: number; timestamp: number; value: number | string }[]>();
  for (let series = 0; series < input.series; series++) {
    const own = Array.from({ length: input.points }, (_, step) => ({
      step,
      timestamp: recordedFrom + step * 7,
      value: step === 5 ? 'NaN' : step === 9 ? 'Infinity' : Math.sin(step + series),
    }));
    const key = `m${series}`;
    points.set(key, own);
    for (let at = 0; at < own.length; at += 1000)
      await post('runs/log-batch', {
        run_id: runId,
        metrics: own.slice(at, at + 1000).map((point) => ({ key, ...point })),
      });
  }
  const files = new Map<string, string>();
  for (const [index, sizeBytes] of input.files.entries()) {
    const content = randomBytes(sizeBytes);
    const path = `out put/${index}.bin`;
    await put(`${experimentId}/${runId}/artifacts/${encodeURIComponent('out put')}/${index}.bin`, content);
    files.set(path, createHash('sha256').update(content).digest('hex'));
  }
  await post('runs/update', { run_id: runId, status: 'FINISHED', end_time: recordedUntil });
  return { runId, experimentId, params, points, files };
}

/** Waits until nothing of the outbox waits or is on its way; what waits for its time is tried at once, as a person would. */
export async function untilSettled(api: EngineApi, patienceMs = 60_000): Promise<Delivery[]> {
  for (const until = Date.now() + patienceMs; ;) {
    const { deliveries, counts } = await api.sync.outbox({ limit: 5 });
    if ((counts.waiting ?? 0) + (counts.sending ?? 0) === 0)
      return (await api.sync.outbox({ limit: 500 })).deliveries;
    if (Date.now() > until)
      throw new Error(`The outbox does not empty: ${JSON.stringify(deliveries, null, 1)}`);
    if ((counts.sending ?? 0) === 0) await api.sync.retry({});
    await sleep(20);
  }
}
