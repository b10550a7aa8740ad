import { contract, type Handlers } from '../contract/index.ts';

/** Two real procedures: one that says little, one that carries columns. */
export const rooms = {
  system: { info: contract.system.info },
  tracking: { series: contract.tracking.series },
};

/** What the small call answers. */
export const info = {
  version: '0.1.0',
  home: '/home/ada/.local/share/benchtop',
  platform: 'linux',
  pid: 4711,
  startedAt: 1_767_225_600_000,
  readOnlyReason: null,
};

/** Three columns of float64 that make 1 MB (2^20 bytes) together. */
const columnLength = Math.floor(2 ** 20 / 8 / 3);
export const view = {
  runId: '0123456789abcdef0123456789abcdef',
  key: 'loss',
  pointCount: columnLength,
  steps: Float64Array.from({ length: columnLength }, (_, step) => step),
  times: Float64Array.from({ length: columnLength }, (_, step) => 1_767_225_600_000 + step),
  values: Float64Array.from({ length: columnLength }, (_, step) => Math.sin(step)),
};

export const handlers: Handlers<typeof rooms> = {
  system: { info: () => info },
  tracking: { series: () => [view] },
};
