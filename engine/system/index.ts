export { createGpuWatch } from './gpu-watch.ts';
export { createMachineMeter, freeMemoryBytes } from './machine.ts';
export { readMetered } from './metered.ts';
export { createNetworkMeter } from './network-meter.ts';
export { createSystem } from './system.ts';
export { createKeepAwake, isOnMains } from './keep-awake.ts';
