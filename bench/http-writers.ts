import { Agent, request } from 'node:http';

/**
 * Several writers of plain HTTP in this process, each with a connection of its own and the next `log-metric` as soon as the
 * last was acknowledged. Milliseconds of every call: with so light a client, nearly all of it is the server's.
 */
export async function httpWaits(uri: string, runs: readonly string[], calls: number): Promise<number[]> {
  const own = await Promise.all(runs.map((run) => writer(uri, run, calls)));
  return own.flat();
}

const nextStep = new Map<string, number>();

async function writer(uri: string, run: string, calls: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const elapsed: number[] = [];
  const first = nextStep.get(run) ?? 0;
  nextStep.set(run, first + calls);
  for (let step = first; step < first + calls; step++) {
    const body = JSON.stringify({
      run_id: run,
      run_uuid: run,
      key: 'loss',
      value: 1 / (1 + step),
      timestamp: Date.now(),
      step,
    });
    const startedAt = performance.now();
    await post(agent, new URL('/api/2.0/mlflow/runs/log-metric', uri), body);
    elapsed.push(performance.now() - startedAt);
  }
  agent.destroy();
  return elapsed;
}

function post(agent: Agent, url: URL, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      {
        agent,
        method: 'POST',
        auth: `${url.username}:${url.password}`,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (response) => {
        response.resume();
        response.once('end', () =>
          response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`)),
        );
      },
    );
    sending.once('error', reject);
    sending.end(body);
  });
}
