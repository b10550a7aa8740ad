/** One GPU at one moment; null is "this card does not tell". */
export interface GpuSample {
  readonly index: number;
  readonly name: string;
  /** Share of the last sampling period in which a kernel ran, 0 to 1. */
  readonly share: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
}

/** The columns that `gpuOfLine` reads, as `nvidia-smi --query-gpu` names them. */
export const gpuColumns = 'index,utilization.gpu,memory.used,memory.total,name';

/**
 * One line of `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`: percent and MiB, with `[N/A]` or `[Not Supported]` for
 * what a card does not measure (utilization of a card split by MIG). Null for a line of any other form, such as an error.
 */
export function gpuOfLine(line: string): GpuSample | null {
  // The name comes last, so that a comma in it does no harm.
  const fields = /^\s*(\d+)\s*,([^,]+),([^,]+),([^,]+),\s*(\S.*?)\s*$/.exec(line);
  const [, index, percent = '', usedMib = '', totalMib = '', name] = fields ?? [];
  if (index === undefined || name === undefined) return null;
  return {
    index: Number(index),
    name,
    share: measured(percent, 1 / 100),
    memoryUsedBytes: measured(usedMib, 1024 * 1024),
    memoryTotalBytes: measured(totalMib, 1024 * 1024),
  };
}

function measured(text: string, factor: number): number | null {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * factor : null;
}
