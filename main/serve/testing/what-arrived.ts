import { createHash } from 'node:crypto';
import { recordedFrom, recordedUntil, type RecordedSample } from './record-run.ts';

interface Found {
  readonly info: {
    run_id: string;
    artifact_uri: string;
    status: string;
    start_time: number;
    end_time: number;
  };
  readonly data: { params?: { key: string; value: string }[] };
}

/** How much of some samples is not at a server as it was recorded, or is there more than once. */
interface Arrival {
  readonly lost: { runs: number; facts: number; points: number; files: number };
  readonly doubled: { runs: number; points: number };
}

export const wholeArrival: Arrival = {
  lost: { runs: 0, facts: 0, points: 0, files: 0 },
  doubled: { runs: 0, points: 0 },
};

/** Asks a server itself, without any Benchtop, for what it has of the samples. A run is known by its param `name`. */
export async function whatArrived(
  address: string,
  experiment: string,
  samples: readonly RecordedSample[],
): Promise<Arrival> {
  const byName = Map.groupBy(await allRuns(address, experiment), (run) => valueOf(run, 'name'));
  const { lost, doubled } = structuredClone(wholeArrival);
  for (const sample of samples) {
    const [run, ...others] = byName.get(sample.params['name'] ?? '') ?? [];
    doubled.runs += others.length;
    if (run === undefined) {
      lost.runs++;
      continue;
    }
    const { status, start_time: startTime, end_time: endTime } = run.info;
    if (status !== 'FINISHED' || startTime !== recordedFrom || endTime !== recordedUntil) lost.facts++;
    for (const [key, value] of Object.entries(sample.params)) if (valueOf(run, key) !== value) lost.facts++;
    for (const [key, points] of sample.points) {
      const { metrics = [] } = await getJson<{ metrics?: { step: number; value: number | string }[] }>(
        address,
        `metrics/get-history?run_id=${run.info.run_id}&metric_key=${key}`,
      );
      const values = new Map(metrics.map(({ step, value }) => [step, String(value)]));
      lost.points += points.filter(({ step, value }) => values.get(step) !== keptAs(value)).length;
      doubled.points += metrics.length - values.size;
    }
    for (const [path, sha256] of sample.files)
      if ((await hashAt(address, run.info.artifact_uri, path)) !== sha256) lost.files++;
  }
  return { lost, doubled };
}

const valueOf = ({ data }: Found, name: string): string | undefined =>
  data.params?.find(({ key }) => key === name)?.value;

/** A database has no infinity: MLflow keeps the greatest number in its place. */
const keptAs = (value: number | string): string => String(value === 'Infinity' ? Number.MAX_VALUE : value);

async function getJson<T>(address: string, path: string, body?: object): Promise<T> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${address}/api/2.0/mlflow/${path}`, init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

async function allRuns(address: string, experiment: string): Promise<Found[]> {
  const { experiment: found } = await getJson<{ experiment: { experiment_id: string } }>(
    address,
    `experiments/get-by-name?experiment_name=${experiment}`,
  );
  const runs: Found[] = [];
  for (let token: string | undefined = ''; token !== undefined;) {
    const page: { runs?: Found[]; next_page_token?: string } = await getJson(address, 'runs/search', {
      experiment_ids: [found.experiment_id],
      max_results: 500,
      page_token: token,
    });
    runs.push(...(page.runs ?? []));
    token = page.next_page_token;
  }
  return runs;
}

async function hashAt(address: string, artifactUri: string, path: string): Promise<string> {
  const root = artifactUri.replace(/^mlflow-artifacts:\/*/, '');
  const response = await fetch(
    `${address}/api/2.0/mlflow-artifacts/artifacts/${root}/${path.split('/').map(encodeURIComponent).join('/')}`,
  );
  const hash = createHash('sha256');
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) hash.update(part);
  return hash.digest('hex');
}
