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
