export { createGpuWatch } from './gpu-watch.ts';
export { createMachineMeter, freeMemoryBytes } from './machine.ts';
export { createSystem } from './system.ts';
export { createKeepAwake, isOnMains } from './keep-awake.ts';
