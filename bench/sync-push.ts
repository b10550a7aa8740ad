import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { startMlflowServer } from '../engine/fixture-mlflow-server.ts';
import { freePort } from './ingest-sides.ts';
import type { Figure, Measure } from './measure.ts';
import { startMetricClient } from './metric-client.ts';
import { elapsed } from './with-objects.ts';
import { withSync } from './with-sync.ts';

/** One round of the million: minutes on either side. */
const sizes = [
  { points: 10_000, rounds: 5 },
  { points: 1_000_000, rounds: 1 },
];
const keys = 10;

export const syncPush: Measure = {
  name: 'sync-push',
  question: 'How many points a second go to a team’s MLflow server, sent, and then read back and compared?',
  goal: 'sent at no less than 0.8 × the rate at which the server takes them from its own client',
  isLong: true,
  async run({ root, scratch }) {
    const found = pythonEnvironment();
    if ('reason' in found) return { figures: [], notes: [found.reason] };
    const folder = await mkdtemp(join(scratch, 'sync-'));
    const server = await startMlflowServer(found.python, folder, await freePort(), 1);
    const client = startMetricClient(root, found.python);
    const figures: Figure[] = [];
    try {
      await withSync(join(folder, 'home'), async ({ addTarget, push, delivery }, _store, tracking) => {
        const call = { signal: new AbortController().signal };
        await addTarget({ name: 'team', kind: 'mlflow', address: server.uri }, call);

        async function record(points: number): Promise<string> {
          const { id } = await tracking.createRun({
            projectId: null,
            status: 'finished',
            command: [],
            workingFolder: null,
            source: 'runner',
            createdAt: Date.now(),
            startedAt: Date.now(),
          });
          for (let first = 0; first < points; first += 10_000)
            await tracking.logPoints(
              id,
              Array.from({ length: 10_000 }, (_, index) => ({
                key: `layer.${index % keys}.norm`,
                step: Math.floor((first + index) / keys),
                timeMs: 1_700_000_000_000 + first + index,
                value: 1 / (1 + first + index),
              })),
              { origin: 'told' },
            );
          return id;
        }

        /** Pushes one run and looks on until its points are in a state. */
        async function until(deliveryId: number, states: readonly string[]): Promise<void> {
          for (;;) {
            const { operations } = await delivery({ deliveryId, limit: 10 }, call);
            const metrics = operations.find(({ kind }) => kind === 'metrics');
            if (metrics !== undefined && states.includes(metrics.state)) return;
            if (metrics?.state === 'refused') throw new Error(metrics.error?.what);
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
        }

        /** The same points by either side, each into a run of its own, and points a second of it. */
        async function pass(points: number, isOursFirst: boolean) {
          const perSecond = (ms: number) => (points * 1000) / ms;
          const runId = await record(points);
          let clientMs = 0;
          const ofClient = async () => {
            const theirs = await client.start(server.uri);
            const calls = await client.batches(server.uri, theirs, keys, points / 1000);
            clientMs = calls.reduce((sum, each) => sum + each, 0);
          };
          if (!isOursFirst) await ofClient();
          const { deliveryIds } = await push(
            { target: 'team', runIds: [runId], models: [], isWithStarred: false, isWithFiles: true },
            call,
          );
          const [deliveryId = 0] = deliveryIds;
          const sentMs = await elapsed(() => until(deliveryId, ['sent', 'verified']));
          const readMs = await elapsed(() => until(deliveryId, ['verified']));
          if (isOursFirst) await ofClient();
          return {
            client: perSecond(clientMs),
            sent: perSecond(sentMs),
            verified: perSecond(sentMs + readMs),
          };
        }

        // The first points of all are slower on either side.
        await pass(1000, false);
        for (const { points, rounds } of sizes) {
          const passes: Awaited<ReturnType<typeof pass>>[] = [];
          // The server's tables grow: who comes second has the larger ones, so they take turns.
          for (let round = 0; round < rounds; round++) passes.push(await pass(points, round % 2 === 1));
          const floor = passes.map((each) => each.client);
          const row = (name: string, ours: readonly number[]) => ({
            name: `${points.toLocaleString('en')} points ${name}`,
            unit: '/s' as const,
            below: null,
            floorIs:
              'the real MLflow client logs as many points to the same server (SQLite, one worker), 1,000 a call',
            samples: { ours, floor },
          });
          figures.push(
            {
              ...row(
                'sent',
                passes.map((each) => each.sent),
              ),
              ratio: { atLeast: 0.8 },
            },
            row(
              'sent, read back and compared',
              passes.map((each) => each.verified),
            ),
          );
        }
      });
    } finally {
      await client.close();
      await server.stop();
    }
    return {
      figures,
      notes: ['Higher is better. One run over 10 metrics, one line; with several runs three lines are open.'],
    };
  },
};
