import type { EnergyEstimate } from '../../../contract/index.ts';

/** One series of a run over seconds since its start, in order. */
export interface SampledSeries {
  readonly key: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
}

/** A core of a laptop that is busy all the time, with its share of memory and voltage converters. */
const wattsPerCore = 8;
/** A laptop's GPU at full use. Benchtop is told the use of a GPU, not its power. */
const wattsPerGpu = 80;
const joulesPerKilowattHour = 3_600_000;

/**
 * Energy from what a run used (docs/system-series.md): core-seconds and GPU-seconds times an assumed power. The whole use of a GPU is
 * counted, also what others used of it. Null where nothing was measured.
 */
export function energyOf(series: readonly SampledSeries[]): EnergyEstimate | null {
  const cpu = series.find(({ key }) => key === 'system/cpu_cores');
  if (cpu === undefined || cpu.steps.length === 0) return null;
  const cpuSeconds = integral(cpu);
  const gpuSeconds = series
    .filter(({ key }) => /^system\/gpu_\d+_percent$/.test(key))
    .reduce((sum, gpu) => sum + integral(gpu) / 100, 0);
  const joules = cpuSeconds * wattsPerCore + gpuSeconds * wattsPerGpu;
  return {
    cpuSeconds,
    gpuSeconds,
    kilowattHours: joules / joulesPerKilowattHour,
    formula: `(core-seconds × ${wattsPerCore} W + GPU-seconds × ${wattsPerGpu} W) / 3,600,000; the powers are assumed, not measured; screen, disk and network are left out`,
  };
}

/** Each sample stands for the time since the one before; the first for one second. */
function integral({ steps, values }: SampledSeries): number {
  let sum = 0;
  for (let at = 0; at < steps.length; at++) {
    const value = values[at] ?? 0;
    const seconds = at === 0 ? 1 : (steps[at] ?? 0) - (steps[at - 1] ?? 0);
    if (Number.isFinite(value)) sum += value * seconds;
  }
  return sum;
}
