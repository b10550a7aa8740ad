import { createHash, randomInt } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { contract, createConnection, type EngineApi } from '../../contract/index.ts';
import { openEnginePort } from '../engine-port.ts';
import { startEngineProcess, type EngineProcess } from './testing/engine-process.ts';
import { startFaultProxy, type Fault } from './testing/fault-proxy.ts';
import { freePort, startMlflow } from './testing/mlflow-peers.ts';
import { pythonEnvironment } from '../../engine/fixture-python.ts';
import { programPath, runPython } from './testing/run-python.ts';
import { recordRun, untilSettled, type RecordedSample } from './testing/sending-side.ts';

const amount = (name: string, usual: number): number => Number(process.env[`BENCHTOP_SYNC_${name}`] ?? usual);
const size = {
  runs: amount('RUNS', 200),
  points: amount('POINTS', 20_000),
  fileBytes: amount('BYTES', 2e9),
  faults: amount('FAULTS', 10),
};
const newest = pythonEnvironment();

/** An engine of its own process, with its contract and its MLflow dialect; it can be killed and comes back on the same port. */
async function startLaptop(home: string) {
  const port = await freePort();
  let engine: EngineProcess = await startEngineProcess(home, port);
  const connect = () =>
    createConnection(contract, () => openEnginePort({ pid: 0, port, token: null, startedAt: 0 }));
  let connection = connect();
  async function ask(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    type: string,
  ): Promise<unknown> {
    const response = await fetch(`${engine.address}${path}`, {
      method,
      body,
      headers: { 'content-type': type },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text === '' ? {} : JSON.parse(text);
  }
  return {
    address: engine.address,
    api: (): EngineApi => connection.api,
    post: (path: string, body: object) =>
      ask('POST', `/api/2.0/mlflow/${path}`, JSON.stringify(body), 'application/json'),
    async put(path: string, body: Uint8Array) {
      await ask(
        'PUT',
        `/api/2.0/mlflow-artifacts/artifacts/${path}`,
        Uint8Array.from(body),
        'application/octet-stream',
      );
    },
    async killAndStart() {
      connection.close();
      await engine.kill();
      engine = await startEngineProcess(home, port);
      connection = connect();
    },
    async stop() {
      connection.close();
      await engine.stop();
    },
  };
}

interface Found {
  info: { run_id: string; artifact_uri: string };
  data: { tags?: { key: string; value: string }[]; params?: { key: string; value: string }[] };
}

/** What of the samples is lost and what is there twice, as the server itself tells. */
async function lostAndDoubled(address: string, experiment: string, samples: readonly RecordedSample[]) {
  const get = async <T>(path: string): Promise<T> =>
    (await fetch(`${address}/api/2.0/mlflow/${path}`)).json() as Promise<T>;
  const { experiment: found } = await get<{ experiment: { experiment_id: string } }>(
    `experiments/get-by-name?experiment_name=${experiment}`,
  );
  const runs: Found[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const response: Response = await fetch(`${address}/api/2.0/mlflow/runs/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ experiment_ids: [found.experiment_id], max_results: 500, page_token: token }),
    });
    const page = (await response.json()) as { runs?: Found[]; next_page_token?: string };
    runs.push(...(page.runs ?? []));
    token = page.next_page_token;
  }
  const byOrigin = Map.groupBy(
    runs,
    (run) => run.data.tags?.find(({ key }) => key === 'benchtop.origin')?.value.split('/')[1],
  );
  let [lost, doubled] = [0, 0];
  for (const sample of samples) {
    const [run, ...others] = byOrigin.get(sample.runId) ?? [];
    doubled += others.length;
    if (run === undefined) {
      lost++;
      continue;
    }
    if ((run.data.params ?? []).length !== Object.keys(sample.params).length) lost++;
    for (const [key, points] of sample.points) {
      const { metrics = [] } = await get<{ metrics?: { step: number }[] }>(
        `metrics/get-history?run_id=${run.info.run_id}&metric_key=${key}`,
      );
      const steps = new Set(metrics.map(({ step }) => step));
      lost += points.filter(({ step }) => !steps.has(step)).length;
      doubled += metrics.length - steps.size;
    }
    const root = run.info.artifact_uri.replace(/^mlflow-artifacts:\/*/, '');
    for (const [path, sha256] of sample.files) {
      const response = await fetch(
        `${address}/api/2.0/mlflow-artifacts/artifacts/${root}/${path.split('/').map(encodeURIComponent).join('/')}`,
      );
      const hash = createHash('sha256');
      for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) hash.update(part);
      if (hash.digest('hex') !== sha256) lost++;
    }
  }
  return { lost, doubled: doubled + runs.length - samples.length };
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
    // Not in the midst of a file: what that costs is counted by the cuts.
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
    const [one, two] = [await startLaptop(join(folder, 'one')), await startLaptop(join(folder, 'two'))];
    try {
      const runs = Math.max(4, Math.round(size.runs * share));
      const ofOne = Math.ceil(runs * 0.75);
      const fileBytes = Math.round((size.fileBytes * share) / runs / 4);
      const samples: RecordedSample[] = [];
      const startedAt = performance.now();
      for (const [laptop, count] of [
        [one, ofOne],
        [two, runs - ofOne],
      ] as const) {
        const { experiment_id: experimentId } = (await laptop.post('experiments/create', {
          name: 'long-way',
        })) as { experiment_id: string };
        for (let run = 0; run < count; run++)
          samples.push(
            await recordRun(laptop, {
              experimentId,
              name: `run ${run}`,
              series: 4,
              points: Math.ceil(size.points / 4),
              files: [fileBytes, fileBytes, fileBytes, fileBytes],
            }),
          );
      }
      const logged = await python(newest.python, folder, 'log', one.address);
      const necessary = necessaryBytes(samples, fileBytes * 4 * runs);
      const recordedMs = performance.now() - startedAt;

      for (const laptop of [one, two])
        await laptop.api().sync.addTarget({ name: 'team', address: proxy.address });
      proxy.setFaults(nowAndThen(60));
      const pushedAt = performance.now();
      const pushed = [samples.slice(0, ofOne), samples.slice(ofOne)] as const;
      await one.api().sync.push({
        target: 'team',
        runIds: pushed[0].map(({ runId }) => runId),
        models: ['champion-model@champion'],
      });
      await two.api().sync.push({ target: 'team', runIds: pushed[1].map(({ runId }) => runId) });
      // At every so many bytes the line is cut for all, and an engine is killed; half way the server is stopped and started.
      for (let fault = 1; fault <= size.faults; fault++) {
        const from = (necessary * fault) / (size.faults + 1);
        while (proxy.bodyBytes() < from && !(await isEmpty(one.api()))) await sleep(20);
        proxy.setFaults(() => ({ kind: 'cut-request', afterBytes: randomInt(50_000) }));
        await (fault % 3 === 0 ? two : one).killAndStart();
        if (fault === Math.ceil(size.faults / 2)) {
          await mlflow.stop();
          mlflow = await startMlflow(environment.python, join(folder, 'mlflow'));
        }
        proxy.setFaults(nowAndThen(60));
      }
      const deliveries = [
        ...(await untilSettled(one.api(), 7_000_000)),
        ...(await untilSettled(two.api(), 7_000_000)),
      ];
      const pushMs = performance.now() - pushedAt;
      proxy.setFaults(() => null);
      const sentBytes = proxy.bodyBytes();

      const { lost, doubled } = await lostAndDoubled(mlflow.address, 'long-way', samples);
      const loaded = await python(newest.python, folder, 'load', mlflow.address);
      console.log(
        `sync to ${name}: ${runs} runs, ${size.points} points each, ${Math.round((fileBytes * 4 * runs) / 1e6)} MB of files; ` +
          `${size.faults} cuts and kills, faults ${JSON.stringify(Object.fromEntries(proxy.done))}; lost ${lost}, doubled ${doubled}, ` +
          `bytes ${(sentBytes / necessary).toFixed(4)} of the necessary; recorded in ${Math.round(recordedMs / 1000)} s, there and verified in ${Math.round(pushMs / 1000)} s`,
      );
      expect(deliveries.filter(({ state }) => state !== 'verified')).toEqual([]);
      expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 });
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
