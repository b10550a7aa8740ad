import { WebSocket } from 'ws';
import { contract, createConnection, openWebSocketPort } from '../contract/index.ts';
import { httpWaits } from './http-writers.ts';
import { nullServerIs, quantile, syncedServerIs, withIngestSides, type IngestSides } from './ingest-sides.ts';
import type { Figure, Measure } from './measure.ts';
import { startMetricClient, type MetricClient } from './metric-client.ts';

const rounds = 5;
const callsARound = 120;
const writers = 8;
const callsOfWriters = 25;

type Side = 'ours' | 'floor' | 'synced' | 'peer';

export const logMetric: Measure = {
  name: 'log-metric',
  question: 'How long does a training loop wait for one `log_metric` of the real Python client?',
  goal: 'p50 at most 1.3 × the null server’s, p99 below 10 ms, also with 8 writers and with a chart open',
  async run(context) {
    const measured = await withIngestSides(context, null, async (sides) => {
      const alone = await waits([sides.client], sides.uris, ['floor', 'synced', 'ours', 'peer'], callsARound);
      const charted = await withChart(sides, (watch) =>
        waits([sides.client], sides.uris, ['floor', 'ours'], callsARound, watch),
      );
      const plain = await plainWaits(sides);
      const clients = Array.from({ length: writers }, () => startMetricClient(context.root, sides.python));
      try {
        const several = await waits(clients, sides.uris, ['floor', 'ours'], callsOfWriters);
        return [
          ...figuresOf('one writer', alone),
          besideSynced(alone),
          ...figuresOf('one writer, a chart of the run open', charted),
          ...figuresOf(`${writers} writers of plain HTTP`, plain),
          ...figuresOf(`${writers} writers`, several),
        ];
      } finally {
        await Promise.all(clients.map((client) => client.close()));
      }
    });
    if ('reason' in measured) return { figures: [], notes: [measured.reason] };
    return {
      figures: measured,
      notes: [
        'Each sample is the p50 or the p99 of one round. Ours acknowledges what is synced to disk; the floor keeps nothing.',
        `The last ${writers} writers are as many Python processes on the cores of this machine: most of what each waits for is the others.`,
        'Peer: mlflow server of the same version as the client, SQLite, its default workers.',
      ],
    };
  },
};

/** Milliseconds of every call, a list a round, the clients of a side calling all at once. */
async function waits(
  clients: readonly MetricClient[],
  uris: IngestSides['uris'],
  sides: readonly Side[],
  calls: number,
  onRun?: (runId: string) => void,
): Promise<Record<Side, number[][]>> {
  const elapsed: Record<Side, number[][]> = { ours: [], floor: [], synced: [], peer: [] };
  const runs = new Map<Side, string[]>();
  for (const side of sides) {
    const own = await Promise.all(clients.map((client) => client.start(uris[side])));
    if (side === 'ours') own.forEach((run) => onRun?.(run));
    runs.set(side, own);
  }
  for (let round = -1; round < rounds; round++) {
    for (const side of sides) {
      const all = await Promise.all(
        clients.map((client, index) => client.singles(uris[side], runs.get(side)?.[index] ?? '', calls)),
      );
      if (round >= 0) elapsed[side].push(all.flat());
    }
  }
  return elapsed;
}

/** As `waits`, by so light a client that what it waits for is the server. */
async function plainWaits({ client, uris }: IngestSides): Promise<Record<Side, number[][]>> {
  const elapsed: Record<Side, number[][]> = { ours: [], floor: [], synced: [], peer: [] };
  const runs = new Map<'ours' | 'floor', string[]>();
  for (const side of ['floor', 'ours'] as const) {
    const own: string[] = [];
    while (own.length < writers) own.push(await client.start(uris[side]));
    runs.set(side, own);
  }
  for (let round = -1; round < rounds; round++) {
    for (const side of ['floor', 'ours'] as const) {
      const all = await httpWaits(uris[side], runs.get(side) ?? [], callsARound);
      if (round >= 0) elapsed[side].push(all);
    }
  }
  return elapsed;
}

/** Follows a run's points as an open chart does, and reads the run and its series at every change that is told. */
async function withChart<T>(
  { engine }: IngestSides,
  work: (watch: (runId: string) => void) => Promise<T>,
): Promise<T> {
  const token = new URLSearchParams(engine.url.hash.slice(1)).get('token') ?? '';
  const { api, close } = createConnection(contract, () =>
    openWebSocketPort(new WebSocket(`ws://${engine.url.host}/rpc`, ['benchtop', `token.${token}`])),
  );
  const leave = new AbortController();
  const following: Promise<void>[] = [];
  const follow = async (runId: string) => {
    for await (const _event of api.tracking.growth({ runIds: [runId] }, { signal: leave.signal })) {
      await api.tracking.run({ runId });
      await api.tracking.series({ runIds: [runId], points: 1000 });
    }
  };
  try {
    return await work((runId) => following.push(follow(runId)));
  } finally {
    leave.abort();
    await Promise.allSettled(following);
    close();
  }
}

function besideSynced(elapsed: Record<Side, readonly number[][]>): Figure {
  const p50 = (rounds: readonly number[][]): number[] => rounds.map((round) => quantile(round, 0.5));
  const samples = { ours: p50(elapsed.ours), floor: p50(elapsed.synced) };
  const name = 'one writer, p50, beside a server that syncs';
  return { name, unit: 'ms', below: null, floorIs: syncedServerIs, samples };
}

function figuresOf(name: string, elapsed: Record<Side, readonly number[][]>): Figure[] {
  const at = (share: number) => ({
    ours: elapsed.ours.map((round) => quantile(round, share)),
    floor: elapsed.floor.map((round) => quantile(round, share)),
    ...(elapsed.peer.length === 0 ? {} : { peer: elapsed.peer.map((round) => quantile(round, share)) }),
  });
  return [
    {
      name: `${name}, p50`,
      unit: 'ms',
      below: null,
      ratio: { atMost: 1.3 },
      floorIs: nullServerIs,
      samples: at(0.5),
    },
    { name: `${name}, p99`, unit: 'ms', below: 10, floorIs: nullServerIs, samples: at(0.99) },
  ];
}
