import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import type { MachineSample } from '../../contract/index.ts';
import { gpuSummary, type GpuWatch } from './gpu-watch.ts';

/** Measures the laptop. CPU share is over the time since the call before, so the first call answers 0. */
export function createMachineMeter(
  homePath: string,
  gpus: Pick<GpuWatch, 'latest'>,
): () => Promise<MachineSample> {
  let before = cpuTimes();
  return async () => {
    const after = cpuTimes();
    const total = after.total - before.total;
    const busy = after.busy - before.busy;
    before = after;
    const disk = await statfs(homePath);
    return {
      at: Date.now(),
      cpuShare: total > 0 ? busy / total : 0,
      cores: cpus().length,
      memoryUsedBytes: totalmem() - freeMemoryBytes(),
      memoryTotalBytes: totalmem(),
      diskFreeBytes: disk.bavail * disk.bsize,
      diskTotalBytes: disk.blocks * disk.bsize,
      gpu: gpuSummary(gpus.latest()),
    };
  };
}

function cpuTimes(): { busy: number; total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}

/** Memory a new program could have: free memory plus caches, where the system tells (Linux: MemAvailable). */
export function freeMemoryBytes(): number {
  if (process.platform !== 'linux') return freemem();
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'latin1'))?.[1];
  return available === undefined ? freemem() : Number(available) * 1024;
}
