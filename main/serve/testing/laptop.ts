import { contract, createConnection, type EngineApi } from '../../../contract/index.ts';
import { openEnginePort } from '../../engine-port.ts';
import { startEngineProcess, type EngineProcess } from './engine-process.ts';
import { freePort } from './mlflow-peers.ts';

/** For tests: an engine of its own process, with its contract and its MLflow dialect; it can be killed and comes back on the same port. */
export async function startLaptop(home: string) {
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
    /** @param between what is done while no engine is there. */
    async killAndStart(between: () => void = () => undefined) {
      connection.close();
      await engine.kill();
      between();
      engine = await startEngineProcess(home, port);
      connection = connect();
    },
    async stop() {
      connection.close();
      await engine.stop();
    },
  };
}
