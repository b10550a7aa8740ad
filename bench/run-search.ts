import Database from 'better-sqlite3';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { contract, createConnection, openWebSocketPort, socketProtocols } from '../contract/index.ts';
import { alternate } from './alternate.ts';
import type { Figure, Measure, Measurement } from './measure.ts';
import { fillMlflow } from './fill-mlflow.ts';
import { freePort } from './ingest-sides.ts';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { startMlflowServer } from '../engine/fixture-mlflow-server.ts';
import { missingEngine } from './programs.ts';
import { makeSearchedHome } from './searched-home.ts';
import { startProgram } from './start-program.ts';

const rounds = 9;
const sizes = [
  { runs: 10_000, pairs: 20, below: 15 },
  { runs: 100_000, pairs: 5, below: 40 },
] as const;
const filter = "metrics.metric_1 > 0.5 and params.param_1 = 'kind 3'";
const order = ['metrics.metric_3 DESC'];
const floorIs = 'the same filter and order in one raw SQLite query, and the rows of the 100 runs';

/** What is asked besides MLflow's filter and order; through the window’s RPC only. */
const questions = [
  { name: 'order by a metric', text: '', by: 'metrics.metric_3' },
  { name: 'filter by a metric, order by another', text: 'metrics.metric_1 > 0.5', by: 'metrics.metric_3' },
  { name: 'a word that every run has', text: 'kind', by: 'created' },
  { name: 'a word that few runs have', text: '"run 77"', by: 'metrics.metric_3' },
  { name: 'NOT, OR, text', text: 'NOT "kind 3" (status = failed OR params.param_2 > 0.9)', by: 'created' },
] as const;

export const runSearch: Measure = {
  name: 'run-search',
  question: 'How long do 100 runs take, filtered and ordered, from a store of many?',
  goal: '15 ms in the server for 10,000 runs × 20 params × 20 metrics, page 50 as fast as page 1; 40 ms for 100,000 runs',
  async run({ root, scratch }): Promise<Measurement> {
    const missing = missingEngine(root);
    if (missing !== null) return { figures: [], notes: [missing] };
    const figures: Figure[] = [];
    const notes = [
      `Filter: ${filter}; order: ${order[0] ?? ''}. HTTP is POST runs/search of the MLflow dialect with its JSON read; RPC is the window's searchRuns.`,
      'The floor and HTTP are timed by the caller on the same machine.',
    ];
    for (const size of sizes) {
      const folder = await mkdtemp(join(scratch, 'search-'));
      const home = join(folder, 'home');
      await makeSearchedHome(home, size);
      const found = size.runs === 10_000 ? pythonEnvironment() : { reason: 'not measured' };
      const python = 'python' in found ? found.python : null;
      const peerFolder = join(folder, 'mlflow');
      if (python === null) notes.push(`mlflow was not measured with ${size.runs} runs.`);
      else {
        await mkdir(peerFolder);
        await (await startMlflowServer(python, peerFolder, await freePort(), 1)).stop();
        fillMlflow(peerFolder, size);
      }
      const peer = python === null ? null : await startMlflowServer(python, peerFolder, await freePort(), 1);
      const engine = await startProgram([
        join(root, 'out', 'app', 'benchtop.mjs'),
        'serve',
        '--home',
        home,
        '--auth',
        'none',
      ]);
      const raw = new Database(join(home, 'benchtop.db'), { readonly: true });
      try {
        const label = `${size.runs / 1000} k runs`;
        const ours = engine.url.origin;
        const token = await tokenOfPage(ours, 50);
        const http = await alternate(rounds, {
          floor: async () => timed(async () => rawSearch(raw)),
          ours: async () => timed(() => search(ours)),
          page50: async () => timed(() => search(ours, token)),
          peer: async () => (peer === null ? 0 : timed(() => search(peer.uri))),
        });
        const figure = (name: string, samples: Figure['samples']): Figure => ({
          name: `${label}: ${name}`,
          unit: 'ms',
          below: size.below,
          floorIs,
          samples,
        });
        const { floor } = http;
        figures.push(
          figure('HTTP, page 1', {
            ours: http.ours,
            floor,
            ...(peer === null ? {} : { peer: http.peer }),
          }),
          figure('HTTP, page 50', { ours: http.page50, floor }),
        );
        const { api, close } = createConnection(contract, () =>
          openWebSocketPort(new WebSocket(`ws://${engine.url.host}/rpc`, socketProtocols(null))),
        );
        try {
          for (const { name, text, by } of questions) {
            const ask = () =>
              timed(() => api.tracking.searchRuns({ text, order: [{ by, descending: true }], limit: 100 }));
            figures.push({
              name: `${label}: RPC, ${name}`,
              unit: 'ms',
              below: size.below,
              floorIs: null,
              samples: { ours: (await alternate(rounds, { ours: ask })).ours },
            });
          }
        } finally {
          close();
        }
      } finally {
        raw.close();
        await engine.stop();
        await peer?.stop();
      }
    }
    return { figures, notes };
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

interface Page {
  readonly runs?: readonly unknown[];
  readonly next_page_token?: string;
}

async function search(address: string, token?: string, size = 100): Promise<Page> {
  const response = await fetch(`${address}/api/2.0/mlflow/runs/search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      experiment_ids: ['0'],
      filter,
      order_by: order,
      max_results: size,
      ...(token === undefined ? {} : { page_token: token }),
    }),
  });
  const page = (await response.json()) as Page;
  if (!response.ok || page.runs === undefined) throw new Error(`runs/search answered ${response.status}`);
  return page;
}

/** A token behind many pages: those of 10,000 runs hold ten runs, so that there are 50. */
async function tokenOfPage(address: string, number: number): Promise<string> {
  let token: string | undefined;
  for (let page = 1; page < number; page++) token = (await search(address, token, 10)).next_page_token;
  if (token === undefined) throw new Error(`There is no page ${number}.`);
  return token;
}

const rowSql = (select: string) => `${select} IN (SELECT value FROM json_each(?))`;

async function rawSearch(db: Database.Database): Promise<void> {
  const ids = db
    .prepare(
      `SELECT r.id FROM run r JOIN series a ON a.run = r.id AND a.name = (SELECT id FROM name WHERE text = 'metric_1')
         JOIN param p ON p.run = r.id AND p.name = (SELECT id FROM name WHERE text = 'param_1')
         JOIN series k ON k.run = r.id AND k.name = (SELECT id FROM name WHERE text = 'metric_3')
       WHERE a.last_value > 0.5 AND p.value = 'kind 3' ORDER BY k.last_value DESC LIMIT 100`,
    )
    .pluck()
    .all();
  const chosen = JSON.stringify(ids);
  for (const select of [
    'SELECT * FROM run WHERE id',
    'SELECT * FROM param WHERE run',
    'SELECT * FROM series WHERE run',
  ])
    db.prepare(rowSql(select)).raw().all(chosen);
}
