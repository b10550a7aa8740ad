import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { createSchedule } from '../engine/pipelines/index.ts';
import { alternate } from './alternate.ts';
import type { Measure } from './measure.ts';

const count = 10_000;
const rounds = 5;

export const pipelineSchedule: Measure = {
  name: 'pipeline-schedule',
  question: 'What does it cost to decide in which order 10,000 stages run?',
  goal: 'well below a second; at most 60 MB',
  async run() {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heldBytes: number[] = [];
    const { ours } = await alternate(rounds, {
      async ours() {
        collect();
        const before = process.memoryUsage().heapUsed;
        const startedAt = performance.now();
        const schedule = createSchedule(
          stages(),
          { slots: 8, memoryBytes: 16e9, gpus: 1 },
          { keepGoing: false },
        );
        const open = schedule.begin();
        let mostBytes = 0;
        let runs = 0;
        for (let action = open.pop(); action !== undefined; action = open.pop()) {
          if (action.kind === 'judge')
            open.push(...schedule.take({ kind: 'judged', stage: action.stage, outcome: 'run' }));
          if (action.kind !== 'run') continue;
          if (++runs === count / 2) mostBytes = process.memoryUsage().heapUsed - before;
          open.push(
            ...schedule.take({ kind: 'ended', stage: action.stage, outcome: 'finished', peakBytes: null }),
          );
        }
        if (runs !== count) throw new Error(`${runs} stages ran`);
        heldBytes.push(mostBytes);
        return performance.now() - startedAt;
      },
    });
    return {
      figures: [
        { name: 'scheduling 10,000 stages', unit: 'ms', below: 1000, floorIs: null, samples: { ours } },
        {
          name: 'memory of it, garbage included',
          unit: 'MB',
          below: 60,
          floorIs: null,
          samples: { ours: heldBytes.slice(-rounds).map((bytes) => bytes / 1e6) },
        },
      ],
      notes: ['Stages with random upstream, memory and mutexes; nothing is run.'],
    };
  },
};

function stages() {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  return Array.from({ length: count }, (_, at) => ({
    name: `stage-${at}`,
    upstream: at < 10 ? [] : [...new Set([random(at), random(at), random(at)])],
    claim: { slots: 1, memoryBytes: random(8) * 1e9, gpus: 0, mutexes: random(3) === 0 ? ['card'] : [] },
    retry: { times: 0, delayMs: 0 },
    expectedMs: random(10_000),
    state: 'waiting' as const,
    tries: 0,
  }));
}
