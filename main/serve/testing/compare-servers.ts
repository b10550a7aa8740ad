import type { Answer, Ask } from './mlflow-peers.ts';
import { normalAnswer } from './normal-answer.ts';
import { nextRequest } from './requests/next-request.ts';
import type { Plan, PlannedRequest } from './requests/plan.ts';
import { randomFrom } from './requests/random.ts';
import { reasonToDiffer } from './reasons-to-differ.ts';

/** What a sequence of requests showed. */
export interface Comparison {
  compared: number;
  refused: number;
  pagesOfRuns: number;
  /** How often each deliberate difference was met. */
  readonly deliberate: Map<string, number>;
  /** Each with the request, what MLflow says and what Benchtop says. */
  readonly differences: string[];
}

/** One server with what it called the things of the plan. */
interface Side {
  readonly ask: Ask;
  /** id → name, and name → id. */
  readonly names: Map<string, string>;
  readonly ids: Map<string, string>;
}

const side = (ask: Ask): Side => ({ ask, names: new Map(), ids: new Map() });

/** What a release of MLflow has otherwise than the newest. */
export interface Release {
  /** Why a request is sent to neither server; null where it is sent. */
  whyLeftOut(request: PlannedRequest): string | null;
  /** An answer of Benchtop without what came later in it. */
  withoutLaterFields(answer: Answer): Answer;
  /** Why two answers may differ; null where they must not. */
  reasonToDiffer(request: PlannedRequest, theirs: unknown, ours: unknown): string | null;
}

const newestRelease: Release = {
  whyLeftOut: () => null,
  withoutLaterFields: (answer) => answer,
  reasonToDiffer,
};

/** At most this many pages of one search are walked. */
const maxPages = 12;

/**
 * Sends one random sequence to both servers and compares every answer, page by page.
 * @param release what is to be known of MLflow's release; the newest where nothing is said.
 */
export async function compareServers(
  mlflow: Ask,
  benchtop: Ask,
  { seed, count, release = newestRelease }: { seed: number; count: number; release?: Release },
): Promise<Comparison> {
  const [theirs, ours] = [side(mlflow), side(benchtop)];
  const random = randomFrom(seed);
  const plan: Plan = { runs: 0, models: 0, time: 1000 };
  const result: Comparison = {
    compared: 0,
    refused: 0,
    pagesOfRuns: 0,
    deliberate: new Map(),
    differences: [],
  };
  for (let index = 0; index < count; index++) {
    const request = nextRequest(random, plan);
    const leftOut = release.whyLeftOut(request);
    if (leftOut !== null) {
      result.deliberate.set(leftOut, (result.deliberate.get(leftOut) ?? 0) + 1);
      continue;
    }
    let tokens: [string | undefined, string | undefined] = [undefined, undefined];
    for (let page = 0; page < maxPages; page++) {
      const [their, our] = await Promise.all([
        sent(theirs, request, tokens[0]),
        sent(ours, request, tokens[1]),
      ]);
      if (page === 0 && request.names !== undefined && their.status === 200) {
        const name = `<${request.names} ${request.names === 'run' ? plan.runs++ : plan.models++}>`;
        for (const [own, answer] of [
          [theirs, their],
          [ours, our],
        ] as const)
          noteNewId(own, answer, name);
      }
      const normal = {
        theirs: normalAnswer(their, theirs.names, request.path),
        ours: normalAnswer(release.withoutLaterFields(our), ours.names, request.path),
      };
      result.compared++;
      if (our.status >= 400) result.refused++;
      if (typeof our.json === 'object' && our.json !== null && 'runs' in our.json) result.pagesOfRuns++;
      if (JSON.stringify(normal.theirs) !== JSON.stringify(normal.ours)) {
        const reason = release.reasonToDiffer(request, normal.theirs, normal.ours);
        if (reason !== null) result.deliberate.set(reason, (result.deliberate.get(reason) ?? 0) + 1);
        else result.differences.push(described(`${seed}:${index}.${page}`, request, normal));
      }
      tokens = [tokenOf(their), tokenOf(our)];
      if (request.hasPages !== true || tokens[0] === undefined || tokens[1] === undefined) break;
    }
  }
  return result;
}

async function sent(
  { ask, ids }: Side,
  { method, path, body }: PlannedRequest,
  token?: string,
): Promise<Answer> {
  const concrete = (text: string) => text.replaceAll(/<(run|model) \d+>/g, (name) => ids.get(name) ?? name);
  const query = token !== undefined && body === undefined ? `&page_token=${encodeURIComponent(token)}` : '';
  const full = typeof body === 'object' && token !== undefined ? { ...body, page_token: token } : body;
  return await ask(
    method,
    concrete(path) + query,
    typeof full === 'object' ? (JSON.parse(concrete(JSON.stringify(full))) as unknown) : full,
  );
}

const tokenOf = ({ json }: Answer) => (json as { next_page_token?: string } | null)?.next_page_token;

function noteNewId(own: Side, answer: Answer, name: string): void {
  const json = answer.json as { run?: { info: { run_id: string } }; model?: { info: { model_id: string } } };
  const id = json.run?.info.run_id ?? json.model?.info.model_id ?? '';
  own.names.set(id, name);
  own.ids.set(name, id);
}

/** How much of two answers is shown, from a little before the place where they part. */
const shownLength = 1500;
const shownBefore = 300;

function described(
  where: string,
  request: PlannedRequest,
  { theirs, ours }: { theirs: unknown; ours: unknown },
): string {
  const [their, our] = [JSON.stringify(theirs), JSON.stringify(ours)];
  let same = 0;
  while (same < their.length && their[same] === our[same]) same++;
  const from = Math.max(0, same - shownBefore);
  const shown = (text: string) => (from > 0 ? '…' : '') + text.slice(from, from + shownLength);
  return `${where} ${request.method} ${request.path} ${JSON.stringify(request.body)}
  mlflow:   ${shown(their)}
  benchtop: ${shown(our)}`;
}
