import { metricJson } from '../../mlflow-answers/index.ts';
import { loggedModelById, modelsLoggedBy, modelsReadBy, type Point } from '../../tracking/index.ts';
import type { Outcome } from '../carrier.ts';
import { knownRemoteId, localRun, remoteIdIn } from '../delivery-context.ts';
import type { SendFailure } from '../link/send-failure.ts';
import { seriesMarks, setSeriesMarks, type SeriesMark } from '../outbox/series-marks.ts';
import { compareHistory } from './compare-history.ts';
import type { ErrandContext } from './errand-context.ts';
import type { RemoteMetric } from './remote.ts';
import { seriesPages } from '../series-pages.ts';
import { batchesOf, sendEach } from './send-each.ts';

/** As many points as MLflow takes in one call; with the longest names they stay below its 1 MB. */
const batchSize = 1000;
/** Points read at once from there. */
const remotePageSize = 25_000;

/** What of one series is at the server. */
export interface SeriesProof {
  readonly key: string;
  readonly points: number;
  readonly last: number | null;
}
export interface MetricsProof {
  readonly series: readonly SeriesProof[];
  readonly notices: readonly string[];
}

/** Sends the points that the server has not got, then reads all of them back and holds them against ours. */
export async function sendMetrics(context: ErrandContext): Promise<Outcome> {
  const { store, delivery, progress, remote } = context;
  const run = localRun(context);
  const runId = knownRemoteId(context, 'run', run.runId);
  const keys = run.metrics.map(({ key }) => key);
  const notices: string[] = [];
  const refusedKeys = new Set<string>();
  const marks = store.now((db) => seriesMarks(db, delivery.id));
  const latest = new Map((await remote.run(runId)).data.metrics.map((metric) => [metric.key, metric]));

  async function send(points: readonly Point[]): Promise<void> {
    await sendEach(
      points.filter(({ key }) => !refusedKeys.has(key)),
      (some) => remote.logBatch(batchText(runId, some), progress.sent),
      ({ key }, failure: SendFailure) => {
        if (!refusedKeys.has(key)) notices.push(`metric ${key} was refused: ${failure.message}`);
        refusedKeys.add(key);
      },
    );
    progress.done(points.length * pointBytes);
    progress.arrived();
  }

  for await (const batch of localBatches(context, run.runId, keys, marks)) {
    if (hasArrived(batch, latest)) {
      progress.done(batch.length * pointBytes);
      progress.arrived();
    } else await send(batch);
    for (const point of batch) advance(marks, point);
    const touched = new Set(batch.map(({ key }) => key));
    await store.write('sync.seriesMarks', (db) =>
      setSeriesMarks(
        db,
        delivery.id,
        [...marks.values()].filter(({ key }) => touched.has(key)),
      ),
    );
  }
  await sendModelMetrics(context, run.runId, runId);
  await progress.allSent();

  const series: SeriesProof[] = [];
  for (const key of keys) {
    if (refusedKeys.has(key)) continue;
    const compare = () =>
      compareHistory(seriesPages(context, run.runId, key, null), remotePages(context, runId, key));
    let found = await compare();
    if (found.missing.length > 0) {
      // Points that came late, or a server that went back to an earlier state.
      for (const batch of batchesOf(found.missing, batchSize)) await send(batch);
      found = await compare();
    }
    if (found.missing.length > 0)
      notices.push(`metric ${key}: the target keeps ${found.missing.length} points otherwise`);
    if (found.extra > 0) notices.push(`metric ${key}: the target has ${found.extra} points more`);
    const last = run.metrics.find((metric) => metric.key === key)?.value ?? null;
    series.push({ key, points: found.shared, last: last !== null && Number.isFinite(last) ? last : null });
  }
  const proof: MetricsProof = { series, notices };
  return { kind: 'verified', proof };
}

/** What a point takes as JSON, about; for progress and plans. */
export const pointBytes = 75;

/** Written by hand where there is much of it: a thousand objects less for each batch. */
const batchText = (runId: string, points: readonly Point[]): string =>
  `{"run_id":${JSON.stringify(runId)},"metrics":[${points.map((point) => JSON.stringify(metricJson(point))).join()}]}`;

/** Points of all series that are not known to be there, in the order in which they are sent, a batch at a time. */
async function* localBatches(
  context: ErrandContext,
  runId: string,
  keys: readonly string[],
  marks: ReadonlyMap<string, SeriesMark>,
): AsyncGenerator<Point[]> {
  let batch: Point[] = [];
  for (const key of keys) {
    for await (const page of seriesPages(context, runId, key, marks.get(key) ?? null)) {
      for (const point of page) {
        batch.push(point);
        if (batch.length === batchSize) {
          yield batch;
          batch = [];
        }
      }
    }
  }
  if (batch.length > 0) yield batch;
}

/** A series as the server has it. Servers before 3 give all of it at once, in an order of their own. */
async function* remotePages(
  { remote }: ErrandContext,
  runId: string,
  key: string,
): AsyncGenerator<RemoteMetric[]> {
  let token: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof remote.history>> = await remote.history(
      runId,
      key,
      token,
      remotePageSize,
    );
    yield page.metrics.toSorted((a, b) => a.timestamp - b.timestamp || a.step - b.step);
    token = page.next_page_token ?? null;
  } while (token !== null);
}

function advance(marks: Map<string, SeriesMark>, { key, timeMs, step, value }: Point): void {
  marks.set(key, { key, points: (marks.get(key)?.points ?? 0) + 1, time: timeMs, step, value });
}

/**
 * Whether a batch seems to be there: of each of its series the server knows a point that is as late. It keeps a batch whole or
 * not at all, so this tells after an answer that was lost. Where it errs the comparison at the end finds it.
 */
function hasArrived(batch: readonly Point[], latest: ReadonlyMap<string, RemoteMetric>): boolean {
  return batch.every(({ key, step, timeMs }) => {
    const known = latest.get(key);
    return known !== undefined && (known.step === step ? known.timestamp >= timeMs : known.step > step);
  });
}

/** The metrics that clients gave to logged models; the server takes a point again without keeping it twice. */
async function sendModelMetrics(context: ErrandContext, localRunId: string, runId: string): Promise<void> {
  if (!context.facts.hasModels) return;
  const metrics = context.store.now((db) =>
    [...modelsLoggedBy(db, localRunId), ...modelsReadBy(db, localRunId)].flatMap(({ modelId }) =>
      (loggedModelById(db, modelId)?.metrics ?? [])
        .filter((metric) => metric.runId === localRunId)
        .map((metric) => ({ modelId, metric })),
    ),
  );
  const known = metrics.flatMap(({ modelId, metric }) => {
    const remoteModelId = remoteIdIn(context, 'model', modelId);
    if (remoteModelId === undefined) return [];
    const { datasetName, datasetDigest } = metric;
    const dataset = {
      ...(datasetName === null ? {} : { dataset_name: datasetName }),
      ...(datasetDigest === null ? {} : { dataset_digest: datasetDigest }),
    };
    return [{ ...metricJson(metric), model_id: remoteModelId, ...dataset }];
  });
  for (const batch of batchesOf(known, batchSize))
    await context.remote.logBatch(JSON.stringify({ run_id: runId, metrics: batch }), context.progress.sent);
}
