import { expect, test } from 'vitest';
import { gpuOfLine } from './gpu-line.ts';
import { gpuSummary } from './gpu-watch.ts';

const mib = 1024 * 1024;

test('a line of nvidia-smi, in percent and MiB', () => {
  expect(gpuOfLine('0, 37, 4321, 24564, NVIDIA GeForce RTX 4090')).toEqual({
    index: 0,
    name: 'NVIDIA GeForce RTX 4090',
    share: 0.37,
    memoryUsedBytes: 4321 * mib,
    memoryTotalBytes: 24_564 * mib,
  });
  expect(gpuOfLine('11, 0, 0, 81559, NVIDIA H100, 80GB HBM3\r')).toMatchObject({
    index: 11,
    name: 'NVIDIA H100, 80GB HBM3',
    share: 0,
    memoryUsedBytes: 0,
  });
});

test('what a card does not tell is null, never 0', () => {
  expect(gpuOfLine('0, [N/A], 512, 40960, NVIDIA A100-SXM4-40GB')).toMatchObject({ share: null });
  expect(gpuOfLine('1, [Not Supported], [N/A], [Unknown Error], Quadro K620')).toEqual({
    index: 1,
    name: 'Quadro K620',
    share: null,
    memoryUsedBytes: null,
    memoryTotalBytes: null,
  });
});

test.each([
  'NVIDIA-SMI has failed because it couldn’t communicate with the NVIDIA driver.',
  'No devices were found',
  '',
  '0, 37, 4321',
])('"%s" is no measure', (line) => expect(gpuOfLine(line)).toBeNull());

test('several cards as one line: shares averaged, memory added up; unknown where one is', () => {
  const one = { index: 0, name: 'A', share: 0.5, memoryUsedBytes: 1, memoryTotalBytes: 4 };
  expect(gpuSummary([])).toBeNull();
  expect(gpuSummary([one])).toMatchObject({ name: 'A', share: 0.5 });
  expect(gpuSummary([one, { ...one, index: 1, share: 1 }])).toEqual({
    name: '2 × A',
    share: 0.75,
    memoryUsedBytes: 2,
    memoryTotalBytes: 8,
  });
  expect(gpuSummary([one, { ...one, share: null }])).toBeNull();
});
