import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { gpuColumns, gpuOfLine, type GpuSample } from './gpu-line.ts';

export interface GpuWatch {
  /** Keeps the measuring going until the function it answers is called. */
  hold(): () => void;
  /** The GPUs as measured last; empty where there is none, where it cannot be measured, and before the first measure. */
  latest(): readonly GpuSample[];
  /** How many there are, as told last; 0 where it was never told. */
  count(): Promise<number>;
}

/** Older than this is no measure any more: the driver hangs. */
const freshMs = 5000;
/** After `nvidia-smi` failed or was not there it is tried again this much later, at the next hold. */
const retryMs = 60_000;

/** The NVIDIA GPUs of this machine, by one `nvidia-smi` that runs as long as somebody holds the watch. */
export function createGpuWatch(): GpuWatch {
  const samples = new Map<number, GpuSample & { at: number }>();
  let holders = 0;
  let child: ChildProcess | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  let counted: { at: number; count: Promise<number> } | null = null;

  function start(): void {
    if (child !== null || performance.now() - failedAt < retryMs) return;
    const started = spawn(
      'nvidia-smi',
      [`--query-gpu=${gpuColumns}`, '--format=csv,noheader,nounits', '-l', '1'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    child = started;
    createInterface({ input: started.stdout }).on('line', (line) => {
      const gpu = gpuOfLine(line);
      if (gpu !== null) samples.set(gpu.index, { ...gpu, at: performance.now() });
    });
    const ended = () => {
      if (child !== started) return;
      child = null;
      failedAt = performance.now();
    };
    started.on('error', ended); // Not installed: this machine has no GPU that could be measured.
    started.on('exit', ended);
  }

  function stop(): void {
    const stopped = child;
    child = null;
    stopped?.kill();
    samples.clear();
  }

  return {
    hold() {
      holders += 1;
      start();
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        holders -= 1;
        if (holders === 0) stop();
      };
    },
    count() {
      if (counted === null || performance.now() - counted.at > retryMs) {
        const before = counted?.count ?? Promise.resolve(0);
        counted = { at: performance.now(), count: countGpus().then((count) => count ?? before) };
      }
      return counted.count;
    },
    latest: () =>
      [...samples.values()]
        .filter(({ at }) => performance.now() - at < freshMs)
        .toSorted((one, other) => one.index - other.index)
        .map(({ at: _at, ...gpu }) => gpu),
  };
}

/** Whether the PATH leads to it. Files are asked, since to start a process that is not there holds this one up for ten times as long. */
function isInstalled(): boolean {
  const name = process.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi';
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

/** Lines of `nvidia-smi -L` that begin a GPU; the parts of one (MIG) stand indented below it. Null where it does not answer. */
async function countGpus(): Promise<number | null> {
  if (!isInstalled()) return null;
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', ['-L'], { timeout: 5000 });
    return stdout.split('\n').filter((line) => line.startsWith('GPU ')).length;
  } catch {
    return null; // not installed, or a driver that does not answer
  }
}

/** The GPUs as one line of the window has them: shares averaged, memory added up. Null where a part is not measured. */
export function gpuSummary(
  gpus: readonly GpuSample[],
): { name: string; share: number; memoryUsedBytes: number; memoryTotalBytes: number } | null {
  const [first] = gpus;
  const share = sum(gpus, 'share');
  const memoryUsedBytes = sum(gpus, 'memoryUsedBytes');
  const memoryTotalBytes = sum(gpus, 'memoryTotalBytes');
  if (first === undefined || share === null || memoryUsedBytes === null || memoryTotalBytes === null)
    return null;
  const name = gpus.length === 1 ? first.name : `${gpus.length} × ${first.name}`;
  return { name, share: share / gpus.length, memoryUsedBytes, memoryTotalBytes };
}

function sum(
  gpus: readonly GpuSample[],
  field: 'share' | 'memoryUsedBytes' | 'memoryTotalBytes',
): number | null {
  return gpus.reduce<number | null>((total, gpu) => {
    const value = gpu[field];
    return total === null || value === null ? null : total + value;
  }, 0);
}
