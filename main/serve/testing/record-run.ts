import { createHash, randomBytes } from 'node:crypto';
import type { SendingSide } from './sending-side.ts';

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
