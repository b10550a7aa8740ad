import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { createSchedule } from '../engine/pipelines/index.ts';
import { alternate } from './alternate.ts';
import type { BenchContext, Measure } from './measure.ts';
import { canReadUsage, memoryMegabytes } from './process-usage.ts';
import { missingEngine } from './programs.ts';
import { withRunner, type RunnerSide } from './with-runner.ts';

const count = 10_000;
const rounds = 5;
/** So many stages of the ten thousand have run when the engine's memory is looked at. */
const doneCount = 500;

export const pipelineSchedule: Measure = {
  name: 'pipeline-schedule',
  question: 'What does it cost to decide in which order 10,000 stages run?',
  goal: 'well below a second; at most 60 MB',
  async run(context) {
    const missing = canReadUsage ? missingEngine(context.root) : 'memory of the engine: not measured here';
    const engineMegabytes = missing === null ? [await executionMegabytes(context)] : [];
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
        ...(engineMegabytes.length === 0
          ? []
          : [
              {
                name: `memory of the engine with an execution of ${count.toLocaleString('en-US')} stages, more than with one of 100`,
                unit: 'MB' as const,
                below: 60,
                floorIs: null,
                samples: { ours: engineMegabytes },
              },
            ]),
      ],
      notes: [
        missing ??
          `Scheduling: stages with random upstream, memory and mutexes; nothing is run. The engine’s memory (resident set): the most while the first ${doneCount} of the stages, \`true\`, ran, less the most in an execution of 100 before.`,
      ],
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

/** What an execution of many stages costs the engine beside one of few, in MB. */
function executionMegabytes(context: BenchContext): Promise<number> {
  return withRunner(context, async (side) => {
    const few = await mostMegabytes(side, 100);
    return (await mostMegabytes(side, count)) - few;
  });
}

/** The most memory of the engine while the first stages of an execution run; then it is cancelled. */
async function mostMegabytes(
  { api, engine, projectId, projectPath }: RunnerSide,
  stageCount: number,
): Promise<number> {
  const lines = Array.from({ length: stageCount }, (_, at) => `  t${at}: {cmd: "true"}\n`);
  await writeFile(join(projectPath, 'benchtop.yaml'), `stages:\n${lines.join('')}`);
  const { id: executionId } = await api.pipelines.run({ projectId, jobs: 2 });
  let most = 0;
  let done = 0;
  let isCancelled = false;
  for await (const { execution, stages: changed } of api.pipelines.follow({ executionId })) {
    most = Math.max(most, memoryMegabytes([engine.pid], 'Rss'));
    done += changed.filter(({ state }) => state === 'finished').length;
    if (execution.status !== 'running') break;
    if (done < doneCount || isCancelled) continue;
    isCancelled = true;
    await api.pipelines.cancel({ executionId });
  }
  return most;
}
