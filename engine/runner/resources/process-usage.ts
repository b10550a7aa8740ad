import { readProc } from '../process-identity.ts';

/**
 * What one process has used, with what its ended and awaited children had used: the kernel adds a child's figures to the
 * parent that waits for it (proc(5): cutime, cstime; task_io_accounting). So a sum over a tree keeps what its dead have used.
 */
export interface ProcessUsage {
  readonly startTicks: number;
  readonly cpuTicks: number;
  readonly residentPages: number;
  /** Bytes that came from and went to a disk, caches left out; null where the kernel does not tell us. */
  readonly disk: { readonly readBytes: number; readonly writtenBytes: number } | null;
}

/** Reads /proc/<pid>/stat and /proc/<pid>/io; null when there is no such process, or only its remains. */
export function processUsage(pid: number): ProcessUsage | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // Field n of proc(5) stands at n - 3 behind the name in parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const at = (field: number) => Number(fields[field - 3]);
  const io = readProc(`/proc/${pid}/io`);
  const [, readBytes] = /^read_bytes: (\d+)$/m.exec(io ?? '') ?? [];
  const [, writtenBytes] = /^write_bytes: (\d+)$/m.exec(io ?? '') ?? [];
  return {
    startTicks: at(22),
    cpuTicks: at(14) + at(15) + at(16) + at(17),
    residentPages: at(24),
    disk:
      readBytes === undefined || writtenBytes === undefined
        ? null
        : { readBytes: Number(readBytes), writtenBytes: Number(writtenBytes) },
  };
}

/** Linux tells user space in hundredths of a second on every machine that Node runs on (USER_HZ). */
export const ticksPerSecond = 100;

let known: number | undefined;
/** 4096 on most machines, 16384 or 65536 on some ARM ones. */
export function pageBytes(): number {
  known ??= Number(/^KernelPageSize:\s+(\d+) kB$/m.exec(readProc('/proc/self/smaps') ?? '')?.[1] ?? 4) * 1024;
  return known;
}
