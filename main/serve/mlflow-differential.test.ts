import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../engine/index.ts';
import { resourcesPath } from '../installation.ts';
import { askEngine, startMlflow, type Answer, type Ask } from './testing/mlflow-peers.ts';
import { normalAnswer } from './testing/normal-answer.ts';
import { pythonEnvironment } from './testing/python-environment.ts';
import { randomFrom } from './testing/random.ts';
import { nextRequest, type Plan, type PlannedRequest } from './testing/request-sequence.ts';

const environment = pythonEnvironment();
if ('reason' in environment) console.log(`Not compared with a real MLflow server: ${environment.reason}`);
const seed = Number(process.env.BENCHTOP_SEED ?? 20_261_121);
const count = Number(process.env.BENCHTOP_CASES ?? 1000);

let folder: string;
let engine: Engine;
let peer: Awaited<ReturnType<typeof startMlflow>>;

beforeAll(async () => {
  if ('reason' in environment) return;
  folder = mkdtempSync(join(tmpdir(), 'benchtop-differential-'));
  // No two events at one time, so that orders by time are certain.
  let time = Date.now();
  engine = await createEngine({
    homePath: join(folder, 'home'),
    version: '0.0.0',
    resourcesPath,
    now: () => ++time,
  });
  peer = await startMlflow(environment.python, folder);
}, 240_000);

afterAll(async () => {
  if ('reason' in environment) return;
  await peer.stop();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One server with what it called the things of the plan. */
interface Side {
  readonly ask: Ask;
  /** id → name, and name → id. */
  readonly names: Map<string, string>;
  readonly ids: Map<string, string>;
}

const side = (ask: Ask): Side => ({ ask, names: new Map(), ids: new Map() });

async function sent({ ask, ids }: Side, { method, path, body }: PlannedRequest, token?: string) {
  const concrete = (text: string) => text.replaceAll(/<(run|model) \d+>/g, (name) => ids.get(name) ?? name);
  const full =
    body === undefined || typeof body === 'string' || token === undefined
      ? body
      : { ...(body as object), page_token: token };
  const query = token !== undefined && body === undefined ? `&page_token=${encodeURIComponent(token)}` : '';
  return await ask(
    method,
    concrete(path) + query,
    typeof full === 'object' ? JSON.parse(concrete(JSON.stringify(full))) : full,
  );
}

const tokenOf = ({ json }: Answer) => (json as { next_page_token?: string }).next_page_token;

function noteNewId(own: Side, { names }: PlannedRequest, answer: Answer, name: string): void {
  if (names === undefined || answer.status !== 200) return;
  const json = answer.json as { run?: { info: { run_id: string } }; model?: { info: { model_id: string } } };
  const id = json.run?.info.run_id ?? json.model?.info.model_id ?? '';
  own.names.set(id, name);
  own.ids.set(name, id);
}

test.skipIf('reason' in environment)(
  'the same requests get the same answers as from a real MLflow server',
  { timeout: 400_000 },
  async () => {
    const [theirs, ours] = [side(peer.ask), side(askEngine(engine))];
    const random = randomFrom(seed);
    const plan: Plan = { runs: 0, models: 0, time: 1000 };
    const differences: string[] = [];
    let compared = 0;
    let refused = 0;
    let withRuns = 0;
    for (let index = 0; index < count; index++) {
      const request = nextRequest(random, plan);
      let tokens: [string | undefined, string | undefined] = [undefined, undefined];
      for (let page = 0; page < 6; page++) {
        const [their, our] = [await sent(theirs, request, tokens[0]), await sent(ours, request, tokens[1])];
        if (their.status >= 500) {
          // Where MLflow fails, Benchtop refuses.
          expect(our.status, `${request.path} ${JSON.stringify(request.body)}`).toBeLessThan(500);
          break;
        }
        if (page === 0 && request.names !== undefined && their.status === 200) {
          const number = request.names.kind === 'run' ? plan.runs++ : plan.models++;
          noteNewId(theirs, request, their, `<${request.names.kind} ${number}>`);
          noteNewId(ours, request, our, `<${request.names.kind} ${number}>`);
        }
        const [normalTheirs, normalOurs] = [normalAnswer(their, theirs.names), normalAnswer(our, ours.names)];
        compared++;
        if (our.status >= 400) refused++;
        if (typeof our.json === 'object' && our.json !== null && 'runs' in our.json) withRuns++;
        if (JSON.stringify(normalTheirs) !== JSON.stringify(normalOurs))
          differences.push(
            `${index}.${page} ${request.method} ${request.path} ${JSON.stringify(request.body)}\n  mlflow:   ${JSON.stringify(normalTheirs).slice(0, 1500)}\n  benchtop: ${JSON.stringify(normalOurs).slice(0, 1500)}`,
          );
        tokens = [tokenOf(their), tokenOf(our)];
        if (tokens[0] === undefined || tokens[1] === undefined) break;
      }
    }
    console.log(
      `${compared} answers compared with mlflow (${refused} refusals, ${withRuns} pages of runs), ${differences.length} differ (seed ${seed})`,
    );
    expect(differences.slice(0, 25).join('\n')).toBe('');
    expect(compared).toBeGreaterThanOrEqual(count * 0.9);
    // The sequence is worth something only where it finds runs and is refused now and then.
    expect(refused).toBeGreaterThan(count / 20);
    expect(withRuns).toBeGreaterThan(count / 30);
  },
);
