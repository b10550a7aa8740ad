import { randomInt } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Delivery, EngineApi } from '../../contract/index.ts';
import { fillDisk, mountSmallDisk, noSmallDisk } from '../../engine/fixture-small-disk.ts';
import { startFaultProxy, type Fault } from './testing/fault-proxy.ts';
import { startLaptop } from './testing/laptop.ts';
import { startMlflow } from './testing/mlflow-peers.ts';
import { pythonEnvironment } from '../../engine/fixture-python.ts';
import { programPath, runPython } from './testing/run-python.ts';
import { recordRun, type RecordedSample } from './testing/record-run.ts';
import { openSendingSide, type SendingSide } from './testing/sending-side.ts';
import { syncAmount } from './testing/sync-amount.ts';
import { untilSettled } from './testing/until-settled.ts';
import { whatArrived, wholeArrival } from './testing/what-arrived.ts';

const size = {
  runs: syncAmount('RUNS', 200),
  points: syncAmount('POINTS', 20_000),
  fileBytes: syncAmount('BYTES', 2e9),
  faults: syncAmount('FAULTS', 10),
};
const newest = pythonEnvironment();

/** Holds every receipt against what was recorded: all points, and all files with their hashes. */
async function expectTrueReceipts(
  api: EngineApi,
  deliveries: readonly Delivery[],
  samples: readonly RecordedSample[],
): Promise<void> {
  for (const { runId, points, files } of samples) {
    const deliveryId = deliveries.find(({ localId }) => localId === runId)?.id ?? 0;
    const { receipt } = await api.sync.delivery({ deliveryId, limit: 1 });
    expect(Object.fromEntries(receipt?.metrics.map((metric) => [metric.key, metric.points]) ?? [])).toEqual(
      Object.fromEntries([...points].map(([key, own]) => [key, own.length])),
    );
    expect(Object.fromEntries(receipt?.files.map((file) => [file.path, file.sha256]) ?? [])).toEqual(
      Object.fromEntries(files),
    );
  }
}

/** The bytes of the bodies that these samples take when nothing goes wrong. */
function necessaryBytes(samples: readonly RecordedSample[], fileBytes: number): number {
  const points = samples.flatMap(({ points: series }) =>
    [...series].map(([key, own]) =>
      own.reduce((sum, point) => sum + JSON.stringify({ key, ...point }).length + 1, 0),
    ),
  );
  return fileBytes + points.reduce((sum, bytes) => sum + bytes, 0) + samples.length * 1500;
}

/** Something breaks now and then, in every way; seldom enough that most goes through. */
function nowAndThen(every: number): (method: string) => Fault | null {
  return (method) => {
    if (randomInt(every) !== 0) return null;
    const kind = randomInt(5);
    if (kind === 0) return { kind: 'status', status: [429, 500, 503][randomInt(3)] ?? 503 };
    if (kind === 1) return { kind: 'cut-answer', afterBytes: 1 + randomInt(100) };
    // Seldom in the midst of a file: what that costs is counted by the cuts.
    return method === 'PUT' || kind === 2
      ? { kind: 'cut-request', afterBytes: 1 + randomInt(20_000) }
      : { kind: 'drop-answer' };
  };
}

const servers = [
  ['.venv', 1],
  ['.venv-mlflow2', 0.05],
] as const;

test.each(servers)(
  'nothing is lost or doubled on the way to the server of %s (%d of the usual amount)',
  { timeout: 7_200_000 },
  async (name, share) => {
    const environment = pythonEnvironment(name);
    if ('reason' in environment || 'reason' in newest) {
      console.log(
        `Not tried with the server of ${name}: ${'reason' in environment ? environment.reason : 'no client'}`,
      );
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'benchtop-sync-long-'));
    let mlflow = await startMlflow(environment.python, join(folder, 'mlflow'));
    const proxy = await startFaultProxy(() => mlflow.address);
    const runs = Math.max(4, Math.round(size.runs * share));
    const fileBytes = Math.round((size.fileBytes * share) / runs / 4);
    const startedAt = performance.now();
    const ofBoth = Math.ceil(runs * 0.05);
    const ofOne = Math.ceil(runs * 0.7);
    const first = await startLaptop(join(folder, 'one'));
    const { experiment_id: experimentId } = (await first.post('experiments/create', {
      name: 'long-way',
    })) as {
      experiment_id: string;
    };
    const record = async (laptop: Pick<SendingSide, 'post' | 'put'>, who: string, count: number) => {
      const samples: RecordedSample[] = [];
      while (samples.length < count)
        samples.push(
          await recordRun(laptop, {
            experimentId,
            name: `run ${samples.length} of ${who}`,
            series: 4,
            points: Math.ceil(size.points / 4),
            files: [fileBytes, fileBytes, fileBytes, fileBytes],
          }),
        );
      return samples;
    };
    // The second laptop began as a copy of the first one, and has its first runs too.
    const both = await record(first, 'both', ofBoth);
    await first.stop();
    cpSync(join(folder, 'one'), join(folder, 'two'), { recursive: true });
    const [one, two] = [await startLaptop(join(folder, 'one')), await startLaptop(join(folder, 'two'))];
    try {
      const pushed = [
        [...both, ...(await record(one, 'one', ofOne))],
        [...both, ...(await record(two, 'two', runs - ofOne - ofBoth))],
      ] as const;
      const samples = [...new Set(pushed.flat())];
      const logged = await python(newest.python, folder, 'log', one.address);
      const necessary = necessaryBytes(samples, fileBytes * 4 * runs);
      const recordedMs = performance.now() - startedAt;

      for (const laptop of [one, two])
        await laptop.api().sync.addTarget({ name: 'team', address: proxy.address });
      const now = nowAndThen(60);
      // One file that something on the way finds too large, until it is told otherwise; and answers that never come.
      let tooLarge: string | null = null;
      let isLimited = true;
      let silences = 2;
      const faults = (method: string, path: string): Fault | null => {
        if (method === 'PUT' && path.endsWith('/0.bin')) tooLarge ??= path;
        if (isLimited && method === 'PUT' && path === tooLarge) return { kind: 'status', status: 413 };
        if (silences > 0 && method === 'POST' && path.endsWith('/log-batch') && randomInt(50) === 0) {
          silences--;
          return { kind: 'silence' };
        }
        return now(method);
      };
      proxy.setFaults(faults);
      const pushedAt = performance.now();
      await one.api().sync.push({
        target: 'team',
        runIds: pushed[0].map(({ runId }) => runId),
        models: ['champion-model@champion'],
      });
      await two.api().sync.push({ target: 'team', runIds: pushed[1].map(({ runId }) => runId) });
      // At every so many bytes the line is cut in the midst of all, and an engine is killed; half way the server is stopped and started.
      for (let fault = 1; fault <= size.faults; fault++) {
        const from = (necessary * fault) / (size.faults + 1);
        while (proxy.bodyBytes() < from && !(await isEmpty(one.api()))) await sleep(100);
        proxy.setFaults(() => ({ kind: 'cut-request', afterBytes: randomInt(50_000) }));
        proxy.cutAll();
        await (fault % 3 === 0 ? two : one).killAndStart();
        if (fault === Math.ceil(size.faults / 2)) {
          await mlflow.stop();
          mlflow = await startMlflow(environment.python, join(folder, 'mlflow'));
        }
        proxy.setFaults(faults);
      }
      const settle = async (): Promise<[Delivery[], Delivery[]]> => [
        await untilSettled(one.api(), 7_000_000),
        await untilSettled(two.api(), 7_000_000),
      ];
      const refused = (await settle()).flat().filter(({ state }) => state === 'refused');
      isLimited = false;
      for (const { api } of [one, two]) await api().sync.retry({});
      const settled = await settle();
      const pushMs = performance.now() - pushedAt;
      proxy.setFaults(() => null);
      const sentBytes = proxy.bodyBytes();

      const arrival = await whatArrived(mlflow.address, 'long-way', samples);
      const loaded = await python(newest.python, folder, 'load', mlflow.address);
      console.log(
        `sync to ${name}: ${runs} runs, ${size.points} points each, ${Math.round((fileBytes * 4 * runs) / 1e6)} MB of files; ` +
          `${size.faults} cuts and kills, faults ${JSON.stringify(Object.fromEntries(proxy.done))}; ${JSON.stringify(arrival)}, ` +
          `bytes ${(sentBytes / necessary).toFixed(4)} of the necessary; recorded in ${Math.round(recordedMs / 1000)} s, there and verified in ${Math.round(pushMs / 1000)} s`,
      );
      // Both laptops, where it is a file of a run that both have.
      expect([...new Set(refused.map(({ error }) => error?.code))]).toEqual(['too-large']);
      expect(settled.flat().filter(({ state }) => state !== 'verified')).toEqual([]);
      await expectTrueReceipts(one.api(), settled[0], pushed[0]);
      await expectTrueReceipts(two.api(), settled[1], pushed[1]);
      // Of less than this a cut file is too large a share.
      if (necessary > 1e9) expect(sentBytes / necessary).toBeLessThan(1.05);
      expect(arrival).toEqual(wholeArrival);
      expect(loaded).toBe(logged);
    } finally {
      await one.stop();
      await two.stop();
      await proxy.close();
      await mlflow.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

const disk = mountSmallDisk();
if (disk === null) console.log(noSmallDisk);

test.skipIf(disk === null || 'reason' in newest)(
  'a server whose disk is full gets the rest when there is space again, and has nothing by half',
  { timeout: 600_000 },
  async () => {
    if (disk === null || 'reason' in newest) return;
    const folder = mkdtempSync(join(tmpdir(), 'benchtop-sync-full-'));
    const mlflow = await startMlflow(newest.python, join(disk.path, 'mlflow'));
    const side = await openSendingSide(join(folder, 'home'));
    try {
      const { experiment_id: experimentId } = (await side.post('experiments/create', { name: 'full' })) as {
        experiment_id: string;
      };
      const samples: RecordedSample[] = [];
      for (const name of ['a', 'b', 'c'])
        samples.push(
          await recordRun(side, { experimentId, name, series: 2, points: 1500, files: [900_000, 700_000] }),
        );
      await side.api.sync.addTarget({ name: 'team', address: mlflow.address });
      fillDisk(join(disk.path, 'filler'));
      // Enough for a run or two, and for the beginning of a file.
      truncateSync(join(disk.path, 'filler'), statSync(join(disk.path, 'filler')).size - 3_000_000);
      await side.api.sync.push({ target: 'team', runIds: samples.map(({ runId }) => runId) });
      const isStopped = async () => {
        const { deliveries } = await side.api.sync.outbox({ limit: 10 });
        return deliveries.some(({ error }) => error !== null);
      };
      while (!(await isStopped())) await sleep(50);
      await sleep(2000);
      rmSync(join(disk.path, 'filler'));
      await side.api.sync.retry({});
      const deliveries = await untilSettled(side.api, 300_000);
      expect(deliveries.map(({ state, error }) => [state, error])).toEqual(
        samples.map(() => ['verified', null]),
      );
      expect(await whatArrived(mlflow.address, 'full', samples)).toEqual(wholeArrival);
    } finally {
      await side.close();
      await mlflow.stop();
      disk.unmount();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);

async function isEmpty(api: EngineApi): Promise<boolean> {
  const { counts } = await api.sync.outbox({ limit: 1 });
  return (counts.waiting ?? 0) + (counts.sending ?? 0) === 0;
}

/** What the champion predicts: on the laptop that made it, or as a colleague's client loads it. */
async function python(
  program: string,
  folder: string,
  what: 'log' | 'load',
  trackingUri: string,
): Promise<string> {
  const work = join(folder, what);
  mkdirSync(work, { recursive: true });
  const { code, output } = await runPython(program, [programPath('champion'), what], {
    folder: work,
    trackingUri,
  });
  const predicted = /^predicted .*$/m.exec(output)?.[0];
  if (code !== 0 || predicted === undefined) throw new Error(`champion.py ${what}: ${output}`);
  return predicted;
}
