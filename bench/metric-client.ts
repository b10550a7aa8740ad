import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { quietMlflow } from '../engine/fixture-python.ts';

/** The real MLflow client in a Python of its own, which logs what it is told and times each call. */
export interface MetricClient {
  /** Makes a run at a tracking address and gives its id. */
  start(uri: string): Promise<string>;
  /** `calls` of log_batch with 1,000 points each, over `keys` metrics a step: milliseconds of each. */
  batches(uri: string, run: string, keys: number, calls: number): Promise<number[]>;
  /** `calls` of log_metric: milliseconds of each. */
  singles(uri: string, run: string, calls: number): Promise<number[]>;
  close(): Promise<void>;
}

export function startMetricClient(root: string, python: string): MetricClient {
  const child = spawn(python, [join(root, 'bench', 'metric-client.py')], {
    env: { ...process.env, ...quietMlflow },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async <T>(question: object): Promise<T> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error('The Python client ended; it has said why above.');
    return JSON.parse(value) as T;
  };
  return {
    start: async (uri) => (await ask<{ run: string }>({ do: 'start', uri })).run,
    batches: async (uri, run, keys, calls) =>
      (await ask<{ ms: number[] }>({ do: 'batch', uri, run, keys, calls })).ms,
    singles: async (uri, run, calls) => (await ask<{ ms: number[] }>({ do: 'single', uri, run, calls })).ms,
    async close() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
