import { expect, test } from 'vitest';
import { seriesFormat } from './series-format.ts';

test.each([
  ['system/memory_bytes', 'bytes', undefined],
  ['system/disk_read_bytes_per_s', 'bytes', 'per second'],
  ['system/gpu_0_percent', 'percent', undefined],
  ['system/cpu_cores', 'number', 'cores'],
  ['system/system_memory_usage_megabytes', 'number', 'MB'],
  ['model_bytes', 'number', undefined],
])('%s', (key, format, unit) => {
  expect(seriesFormat(key)).toEqual({ format, unit });
});
