import type { Comparison } from './compare-servers.ts';
import type { Answer, Ask } from './mlflow-peers.ts';
import { normalAnswer } from './normal-answer.ts';
import { wrongRequests } from './requests/wrong-requests.ts';

/** As in the table of docs/mlflow.md. */
export const stricter = 'a field that does not fit its type is refused, not dropped';
export const camelCase = 'a required field may be spelt in camel case, as any other';

/**
 * Sends odd requests to both servers, each at a run of its own, and compares what they are told.
 * @param every only each `every`-th of them, beginning with the `first`.
 */
export async function compareBadInput(
  mlflow: Ask,
  benchtop: Ask,
  { first, every }: { first: number; every: number },
): Promise<Comparison> {
  const result: Comparison = {
    compared: 0,
    refused: 0,
    pagesOfRuns: 0,
    deliberate: new Map(),
    differences: [],
  };
  const count = (reason: string) => result.deliberate.set(reason, (result.deliberate.get(reason) ?? 0) + 1);
  let index = -1;
  for (const { what, request } of wrongRequests()) {
    index++;
    if (index % every !== first % every) continue;
    const [theirs, ours] = await Promise.all(
      [mlflow, benchtop].map((ask) => told(ask, request.method, request.path, String(request.body))),
    );
    if (theirs === undefined || ours === undefined) continue;
    result.compared++;
    if (ours.status >= 400) result.refused++;
    if (ours.status < 500 && theirs.status >= 500)
      count('what MLflow answers with 500 is answered or refused');
    else if (ours.status === 400 && theirs.status === 200) count(stricter);
    else if (JSON.stringify(theirs) === JSON.stringify(ours)) continue;
    // Both refuse, and Benchtop for the first field that does not fit, where MLflow goes on without it.
    else if (
      isRefusal(theirs) &&
      ours.status === 400 &&
      /^(Invalid value|Missing value|Bad Request)/.test(ours.json?.message ?? '')
    )
      count(stricter);
    else if (what === 'camel case' && ours.status === 200) count(camelCase);
    else
      result.differences.push(
        `${what}: ${request.path} ${String(request.body).slice(0, 300)}\n  mlflow:   ${JSON.stringify(theirs).slice(0, 600)}\n  benchtop: ${JSON.stringify(ours).slice(0, 600)}`,
      );
  }
  return result;
}

interface Told {
  readonly status: number;
  readonly json: { readonly message?: string } | null;
}

const isRefusal = ({ status }: Told) => status >= 400 && status < 500;

/** What a server says to a request at a fresh run; of a success only that it is one, since a search finds what went before. */
async function told(ask: Ask, method: string, path: string, body: string): Promise<Told> {
  const created = await ask('POST', '/api/2.0/mlflow/runs/create', { experiment_id: '0', start_time: 1 });
  const run = (created.json as { run: { info: { run_id: string } } }).run.info.run_id;
  const answer: Answer = await ask(method, path, body.replaceAll('RUN', run), {
    contentType: 'application/json',
  });
  const { status, json } = normalAnswer(answer, new Map([[run, '<run>']])) as Told;
  return status === 200 ? { status, json: null } : { status, json };
}
