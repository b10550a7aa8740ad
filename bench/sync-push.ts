import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonEnvironment } from '../engine/fixture-python.ts';
import { startMlflowServer } from '../engine/fixture-mlflow-server.ts';
import { freePort } from './ingest-sides.ts';
import type { Measure } from './measure.ts';
import { startMetricClient } from './metric-client.ts';
import { elapsed } from './with-objects.ts';
import { withSync } from './with-sync.ts';

const rounds = 5;
const pointsARound = 10_000;
const keys = 10;

export const syncPush: Measure = {
  name: 'sync-push',
  question: 'How many points a second go to a team’s MLflow server, sent, and then read back and compared?',
  goal: 'sent at no less than 0.8 × the rate at which the server takes them from its own client',
  async run({ root, scratch }) {
    const found = pythonEnvironment();
    if ('reason' in found) return { figures: [], notes: [found.reason] };
    const folder = await mkdtemp(join(scratch, 'sync-'));
    const server = await startMlflowServer(found.python, folder, await freePort(), 1);
    const client = startMetricClient(root, found.python);
    const perSecond = (ms: number) => (pointsARound * 1000) / ms;
    const samples = { client: [] as number[], sent: [] as number[], verified: [] as number[] };
    try {
      await withSync(join(folder, 'home'), async ({ addTarget, push, delivery }, _store, tracking) => {
        const call = { signal: new AbortController().signal };
        await addTarget({ name: 'team', kind: 'mlflow', address: server.uri }, call);

        async function record(): Promise<string> {
          const { id } = await tracking.createRun({
            projectId: null,
            status: 'finished',
            command: [],
            workingFolder: null,
            source: 'runner',
            createdAt: Date.now(),
            startedAt: Date.now(),
          });
          for (let first = 0; first < pointsARound; first += 10_000)
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

        for (let round = -1; round < rounds; round++) {
          const runId = await record();
          const ofClient = async () => {
            const theirs = await client.start(server.uri);
            const ms = await client.batches(server.uri, theirs, keys, pointsARound / 1000);
            if (round >= 0) samples.client.push(perSecond(ms.reduce((sum, each) => sum + each, 0)));
          };
          const ofOutbox = async () => {
            const { deliveryIds } = await push(
              { target: 'team', runIds: [runId], models: [], isWithStarred: false, isWithFiles: true },
              call,
            );
            const [deliveryId = 0] = deliveryIds;
            const sentMs = await elapsed(() => until(deliveryId, ['sent', 'verified']));
            const readMs = await elapsed(() => until(deliveryId, ['verified']));
            if (round < 0) return;
            samples.sent.push(perSecond(sentMs));
            samples.verified.push(perSecond(sentMs + readMs));
          };
          // The server's tables grow: who comes second has the larger ones, so they take turns.
          for (const work of round % 2 === 0 ? [ofClient, ofOutbox] : [ofOutbox, ofClient]) await work();
        }
      });
    } finally {
      await client.close();
      await server.stop();
    }
    const figure = (name: string, ours: readonly number[]) => ({
      name,
      unit: '/s' as const,
      below: null,
      floorIs:
        'the real MLflow client logs as many points to the same server (SQLite, one worker), 1,000 a call',
      samples: { ours, floor: samples.client },
    });
    return {
      figures: [
        figure('points sent', samples.sent),
        figure('points sent, read back and compared', samples.verified),
      ],
      notes: [
        'Higher is better. One run of 10,000 points over 10 metrics, one line; with several runs three lines are open.',
      ],
    };
  },
};
