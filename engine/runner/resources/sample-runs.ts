import type { Point, Recorder } from '../../tracking/index.ts';
import { type ProcessIdentity, uptimeS } from '../process-identity.ts';
import { runMark } from '../run-mark.ts';
import { pageBytes, processUsage, ticksPerSecond, type ProcessUsage } from './process-usage.ts';
import { sleptBetween, steadyClocks, type SteadyClocks } from './slept-between.ts';
import { createTreeMembers } from './tree-members.ts';
import { treeUsage, type TreeReading } from './tree-usage.ts';
import { watchOpenFiles } from './watch-open-files.ts';

/** The machine while a run goes on; a GPU tells null for what it does not measure. */
export interface MachineReading {
  readonly cpuShare: number;
  readonly cores: number;
  readonly memoryUsedBytes: number;
  /** Null where it is not told, and at the first measure. */
  readonly network: { readonly receivedBytesPerS: number; readonly sentBytesPerS: number } | null;
  readonly gpus: readonly {
    readonly index: number;
    readonly share: number | null;
    readonly memoryUsedBytes: number | null;
  }[];
}

/** Measures the machine; `release` ends what goes on for it between two measures. */
export interface MachineMeter {
  measure(): Promise<MachineReading>;
  release(): void;
}

export interface RunSampler {
  /** What a run's processes hold now, as of the last sample; 0 before the first. */
  memoryBytes(runId: string): number;
  /** Samples a run until the function it answers is called, which resolves when the last samples are on disk. */
  follow(run: {
    runId: string;
    root: ProcessIdentity;
    projectPath: string | null;
    startedAt: number;
  }): () => Promise<void>;
}

const samplePauseMs = 1000;
/** Every so many samples all processes are looked at: a daemon that left the tree by a double fork is found then. */
const samplesPerLook = 5;
/** Samples are stored in batches, which spares the disk; a chart is this many seconds behind at most. */
const samplesPerBatch = 3;

interface Sampled {
  readonly runId: string;
  readonly root: ProcessIdentity;
  readonly mark: string;
  readonly startedAt: number;
  pids: Set<number>;
  before: TreeReading | null;
  lastStep: number;
  waiting: Point[];
}

/**
 * Records what the processes of each run and the machine use, once a second, as series `system/…` over seconds since the start.
 * What cannot be measured has no series. Resident memory counts pages that processes share once for each.
 */
export function createRunSampler(options: {
  /** What lies in there is never told as open, unless it is of the run's project. */
  home: string;
  recorder: Pick<Recorder, 'logPoints'>;
  openMachine: () => MachineMeter;
  now: () => number;
  clocks?: () => SteadyClocks;
  /** Told of files that a run's processes have open for reading, each once. */
  onFilesOpen: (runId: string, paths: readonly string[]) => void;
  /** Told after every sample. */
  onSampled: () => void;
  /** The machine slept so long, and has just woken; all runs that are followed stood still. */
  onSlept: (sleptMs: number) => void;
  onError: (error: unknown) => void;
}): RunSampler {
  const { home, recorder, openMachine, now, clocks = steadyClocks } = options;
  const { onFilesOpen, onSampled, onSlept, onError } = options;
  const openFiles = watchOpenFiles({ home, onOpen: onFilesOpen, onError });
  const runs = new Map<string, Sampled>();
  const members = createTreeMembers();
  let machine: MachineMeter | null = null;
  let isLooping = false;
  let count = 0;
  let clocksBefore = clocks();

  async function sample(): Promise<void> {
    const clocksNow = clocks();
    const sleptMs = sleptBetween(clocksBefore, clocksNow);
    clocksBefore = clocksNow;
    if (sleptMs > 0) onSlept(sleptMs);
    if (machine === null) return;
    const reading = await machine.measure();
    if (count % samplesPerLook === 0) {
      const found = members.look([...runs.values()]);
      for (const run of runs.values()) run.pids = found.get(run.mark) ?? run.pids;
    }
    count += 1;
    for (const run of runs.values()) take(run, reading);
    onSampled();
    if (count % samplesPerBatch === 0) await Promise.all([...runs.values()].map(store));
  }

  function take(run: Sampled, machineNow: MachineReading): void {
    const after = readTree(run.pids);
    run.pids = new Set(after.members.keys());
    const { before } = run;
    run.before = after;
    const step = Math.floor((now() - run.startedAt) / 1000);
    // The first reading has nothing to compare with; a clock set back must not write over what is there.
    if (before === null || after.members.size === 0 || step <= run.lastStep) return;
    run.lastStep = step;
    const timeMs = now();
    const values = valuesOf(treeUsage(before, after, ticksPerSecond), machineNow);
    run.waiting.push(...values.map(([key, value]) => ({ key, step, timeMs, value })));
  }

  function readTree(pids: ReadonlySet<number>): TreeReading {
    const found = new Map<number, ProcessUsage>();
    const open = [...pids];
    for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
      const usage = found.has(pid) ? null : processUsage(pid);
      if (usage === null) continue;
      found.set(pid, usage);
      open.push(...members.children(pid));
    }
    return { atMs: performance.now(), atTicks: (uptimeS() ?? 0) * ticksPerSecond, members: found };
  }

  async function store(run: Sampled): Promise<void> {
    const points = run.waiting;
    run.waiting = [];
    if (points.length > 0) await recorder.logPoints(run.runId, points, { origin: 'told' });
  }

  /** Goes on while there are runs; at most one loop at a time. */
  function loop(): void {
    isLooping = runs.size > 0;
    if (!isLooping) return;
    setTimeout(() => void sample().catch(onError).finally(loop), samplePauseMs).unref();
  }

  return {
    memoryBytes(runId) {
      let pages = 0;
      for (const usage of runs.get(runId)?.before?.members.values() ?? []) pages += usage.residentPages;
      return pages * pageBytes();
    },
    follow({ runId, root, projectPath, startedAt }) {
      const run: Sampled = {
        ...{ runId, root, startedAt, mark: runMark(runId) },
        pids: new Set([root.pid]),
        before: null,
        lastStep: -1,
        waiting: [],
      };
      run.before = readTree(run.pids);
      runs.set(runId, run);
      const stopLooking = openFiles.follow({ runId, root, projectPath });
      machine ??= openMachine();
      if (!isLooping) {
        clocksBefore = clocks();
        loop();
      }
      return async () => {
        if (runs.get(runId) !== run) return;
        stopLooking();
        runs.delete(runId);
        if (runs.size === 0) {
          machine?.release();
          machine = null;
        }
        // A store that refuses must not cost the run the record of its end.
        await store(run).catch(onError);
      };
    },
  };
}

function valuesOf(usage: ReturnType<typeof treeUsage>, machine: MachineReading): [string, number][] {
  const values: [string, number | null | undefined][] = [
    ['system/cpu_cores', usage.cpuCores],
    ['system/memory_bytes', usage.residentPages * pageBytes()],
    ['system/disk_read_bytes_per_s', usage.disk?.readBytesPerS],
    ['system/disk_write_bytes_per_s', usage.disk?.writtenBytesPerS],
    ['system/machine_cpu_cores', machine.cpuShare * machine.cores],
    ['system/machine_memory_bytes', machine.memoryUsedBytes],
    ['system/machine_network_received_bytes_per_s', machine.network?.receivedBytesPerS],
    ['system/machine_network_sent_bytes_per_s', machine.network?.sentBytesPerS],
    ...machine.gpus.flatMap(({ index, share, memoryUsedBytes }): [string, number | null][] => [
      [`system/gpu_${index}_percent`, share === null ? null : share * 100],
      [`system/gpu_${index}_memory_bytes`, memoryUsedBytes],
    ]),
  ];
  return values.filter((entry): entry is [string, number] => typeof entry[1] === 'number');
}
