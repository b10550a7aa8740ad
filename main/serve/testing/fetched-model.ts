import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineApi, Pull } from '../../../contract/index.ts';
import type { Peer } from './mlflow-peers.ts';

/** What the larger of its files holds. */
export const fetchedContent = Buffer.alloc(300_000, 'weights');

/** Registers `fetched/1` at a server, its champion, with two files that lie with a run. Returns the run. */
export async function registerFetched({ ask, address }: Peer): Promise<string> {
  const post = async (path: string, body: object): Promise<unknown> => {
    const { status, json } = await ask('POST', `/api/2.0/mlflow/${path}`, body);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  };
  const { run } = (await post('runs/create', { experiment_id: '0' })) as {
    run: { info: { run_id: string } };
  };
  const runId = run.info.run_id;
  const place = `0/${runId}/artifacts/model`;
  for (const [name, body] of [
    ['MLmodel', 'flavors: {}\n'],
    ['model.bin', fetchedContent],
  ] as const)
    await fetch(`${address}/api/2.0/mlflow-artifacts/artifacts/${place}/${name}`, { method: 'PUT', body });
  await post('registered-models/create', { name: 'fetched' });
  const source = `mlflow-artifacts:/${place}`;
  await post('model-versions/create', { name: 'fetched', source, run_id: runId });
  await post('registered-models/alias', { name: 'fetched', alias: 'champion', version: '1' });
  return runId;
}

/** Waits until the latest fetch is so. @throws what was in its way, where it failed instead. */
export async function untilPull(api: EngineApi, isSo: (pull: Pull) => boolean): Promise<Pull> {
  for (;;) {
    const [pull] = await api.sync.pulls({ limit: 1 });
    if (pull !== undefined && isSo(pull)) return pull;
    if (pull?.state === 'failed') throw new Error(JSON.stringify(pull.error));
    await sleep(50);
  }
}
