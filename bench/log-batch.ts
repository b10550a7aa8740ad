import { alternate } from './alternate.ts';
import { nullServerIs, withIngestSides, type IngestSides } from './ingest-sides.ts';
import type { Figure, Measure } from './measure.ts';
import { canReadUsage, memoryMegabytes, processTree } from './process-usage.ts';

const rounds = 5;
const callsARound = 12;
/** The peer takes five times as long for a call. */
const peerCallsARound = 2;
const batch = 1000;
const wholeCalls = 500;
const wholeParts = 10;

export const logBatch: Measure = {
  name: 'log-batch',
  question: 'How many metric points a second does the real Python client get rid of, 1,000 a call?',
  goal: 'at least 0.9 × the null server’s rate; engine at most 250 MB meanwhile',
  async run(context) {
    const measured = await withIngestSides(context, 1, async (sides) => {
      const figures: Figure[] = [];
      for (const keys of [1, 10, 1000]) figures.push(await rateOf(sides, keys));
      figures.push(...(await halfMillion(sides)));
      return figures;
    });
    if ('reason' in measured) return { figures: [], notes: [measured.reason] };
    return {
      figures: measured,
      notes: [
        'Higher is better. Ours acknowledges what is synced to disk; the floor keeps nothing.',
        'Peer: mlflow server of the same version as the client, SQLite, one worker.',
        'Memory: the greatest of some moments while the half million came in.',
      ],
    };
  },
};

async function rateOf({ client, uris }: IngestSides, keys: number): Promise<Figure> {
  const runs = {
    ours: await client.start(uris.ours),
    floor: await client.start(uris.floor),
    peer: await client.start(uris.peer),
  };
  const side = (name: keyof typeof runs, calls: number) => async () =>
    rate(await client.batches(uris[name], runs[name], keys, calls));
  const samples = await alternate(rounds, {
    floor: side('floor', callsARound),
    ours: side('ours', callsARound),
    peer: side('peer', peerCallsARound),
  });
  const name = `points, ${keys.toLocaleString('en')} ${keys === 1 ? 'metric' : 'metrics'} a step`;
  return { name, unit: '/s', below: null, ratio: { atLeast: 0.9 }, floorIs: nullServerIs, samples };
}

/** Half a million points of ten metrics on end, in turns of 50 calls, and what the engine takes meanwhile. */
async function halfMillion({ client, engine, uris }: IngestSides): Promise<Figure[]> {
  const runs = { ours: await client.start(uris.ours), floor: await client.start(uris.floor) };
  const total = { ours: 0, floor: 0 };
  const memory = { Pss: 0, Rss: 0 };
  for (let part = 0; part < wholeParts; part++) {
    for (const side of ['floor', 'ours'] as const) {
      const elapsed = await client.batches(uris[side], runs[side], 10, wholeCalls / wholeParts);
      total[side] += elapsed.reduce((sum, ms) => sum + ms, 0);
      if (!canReadUsage) continue;
      for (const kind of ['Pss', 'Rss'] as const)
        memory[kind] = Math.max(memory[kind], memoryMegabytes(processTree(engine.pid), kind));
    }
  }
  const perSecond = (ms: number) => (wholeCalls * batch * 1000) / ms;
  return [
    {
      name: 'points, half a million of 10 metrics',
      unit: '/s',
      below: null,
      ratio: { atLeast: 0.9 },
      floorIs: nullServerIs,
      samples: { ours: [perSecond(total.ours)], floor: [perSecond(total.floor)] },
    },
    ...(canReadUsage
      ? [
          {
            name: 'memory of the engine meanwhile (PSS)',
            unit: 'MB' as const,
            below: 250,
            floorIs: null,
            samples: { ours: [memory.Pss] },
          },
          {
            name: 'resident memory of the engine meanwhile (RSS)',
            unit: 'MB' as const,
            below: 250,
            floorIs: null,
            samples: { ours: [memory.Rss] },
          },
        ]
      : []),
  ];
}

const rate = (elapsedMs: readonly number[]): number =>
  (elapsedMs.length * batch * 1000) / elapsedMs.reduce((sum, ms) => sum + ms, 0);
