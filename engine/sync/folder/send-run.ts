import { readFile, rename, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { SyncReceipt } from '../../../contract/index.ts';
import { metricJson } from '../../mlflow-answers/index.ts';
import type { RecordedRun } from '../../tracking/index.ts';
import type { Outcome } from '../carrier.ts';
import { localRun, originOf, rememberRemoteId } from '../delivery-context.ts';
import { filesLeftOut } from '../files-left-out.ts';
import { isMissing } from '../../is-missing.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import { differingParams, keptParams, paramsConflict } from '../params-conflict.ts';
import { seriesPages } from '../series-pages.ts';
import { describeFolder, readBack } from './complete-folder.ts';
import { describedRun } from './described.ts';
import type { FolderErrand, SentFile } from './folder-errand.ts';
import { incomingFolder, isThere, runsFolder } from './places.ts';
import { filesOf } from './put-file.ts';
import { writeMade } from './write-file.ts';

/** What of a run's metrics lies in the folder. */
const metricsProof = z.object({
  file: z.object({ path: z.string(), sizeBytes: z.number(), sha256: z.string() }),
  series: z.array(z.object({ key: z.string(), points: z.number(), last: z.number().nullable() })),
});

const runRecord = z.object({
  run: z.object({
    data: z
      .object({ params: z.array(z.object({ key: z.string(), value: z.string() })).default([]) })
      .prefault({}),
  }),
});

/** The folder of the run, once it is whole. */
const runPlace = ({ root, delivery }: FolderErrand): string =>
  join(runsFolder(root), delivery.copy === 0 ? delivery.localId : `${delivery.localId}-${delivery.copy + 1}`);

/** Where its files are written: there, or where it is put together. */
export async function runFolder(errand: FolderErrand): Promise<string> {
  const place = runPlace(errand);
  const run = localRun(errand);
  return (await isThere(place)) ? place : incomingFolder(errand.root, originOf(errand, run.runId, run.tags));
}

/** Looks whether the run is there already, and with the same params. */
export async function beginRun(errand: FolderErrand): Promise<Outcome> {
  const run = localRun(errand);
  const place = runPlace(errand);
  const theirs = await paramsAt(place);
  const differing = theirs === null ? [] : differingParams(run.params, theirs);
  if (differing.length > 0 && !errand.delivery.keepsTheirs)
    return { kind: 'conflict', conflict: paramsConflict(differing) };
  await mkdir(await runFolder(errand), { recursive: true });
  await rememberRemoteId(errand, 'run', run.runId, place.slice(dirname(place).length + 1));
  return { kind: 'verified', proof: { notices: keptParams(differing) } };
}

async function paramsAt(place: string): Promise<ReadonlyMap<string, string> | null> {
  try {
    const { run } = runRecord.parse(JSON.parse(await readFile(join(place, 'run.json'), 'utf8')));
    return new Map(run.data.params.map(({ key, value }) => [key, value]));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Writes all points of a run, one JSON object a line: key, value, timestamp, step, as MLflow's API has them. */
export async function putMetrics(errand: FolderErrand): Promise<Outcome> {
  const { store, pace, progress } = errand;
  const run = localRun(errand);
  const counts = new Map<string, number>();
  async function* lines() {
    for (const { key } of run.metrics) {
      for await (const page of seriesPages({ store }, run.runId, key, null)) {
        counts.set(key, (counts.get(key) ?? 0) + page.length);
        yield Buffer.from(page.map((point) => `${JSON.stringify(metricJson(point))}\n`).join(''));
      }
    }
  }
  const path = 'metrics.jsonl';
  const written = await writeMade(join(await runFolder(errand), path), lines(), async (bytes) => {
    await pace(bytes);
    progress.sent(bytes);
    progress.done(bytes);
  });
  const proof: z.infer<typeof metricsProof> = {
    file: { path, ...written },
    series: run.metrics.map(({ key, value }) => ({
      key,
      points: counts.get(key) ?? 0,
      last: Number.isFinite(value) ? value : null,
    })),
  };
  return { kind: 'verified', proof };
}

/** The last step of a run: what describes it, its sums, its place; then every file is read again. */
export async function completeRun(
  errand: FolderErrand,
  operations: readonly OperationRow[],
): Promise<Outcome> {
  const run = localRun(errand);
  const place = runPlace(errand);
  const folder = await runFolder(errand);
  const metrics = operations.flatMap(({ kind, proof }) =>
    kind === 'metrics' ? [metricsProof.parse(proof)] : [],
  );
  const sent = [...filesOf(operations), ...metrics.map(({ file }) => file)];
  // An attempt before this one may have lost what it put together: what is missing is sent anew.
  await readBack(folder, sent);
  const described = await describedRun(errand, run, originOf(errand, run.runId, run.tags));
  const all = await describeFolder(errand, folder, sent, described);
  if (folder !== place) {
    await mkdir(dirname(place), { recursive: true });
    await rename(folder, place);
  }
  await readBack(place, all);
  return { kind: 'verified', receipt: receiptOf(errand, run, place, all, metrics, operations) };
}

function receiptOf(
  errand: FolderErrand,
  run: RecordedRun,
  place: string,
  files: readonly SentFile[],
  metrics: readonly z.infer<typeof metricsProof>[],
  operations: readonly OperationRow[],
): SyncReceipt {
  const notices = operations.flatMap(
    ({ proof }) => z.object({ notices: z.array(z.string()) }).safeParse(proof).data?.notices ?? [],
  );
  notices.push(...filesLeftOut(errand, run, operations));
  if (run.endedAt === null) notices.push('the run goes on: push it again when it has ended');
  return {
    at: Date.now(),
    address: errand.target.address,
    version: null,
    remoteId: place.slice(errand.target.address.length + 1),
    url: place,
    params: run.params.length,
    tags: run.tags.length,
    metrics: metrics.flatMap(({ series }) => series),
    files: [...files],
    aliases: [],
    notices,
  };
}
