export { createGpuWatch } from './gpu-watch.ts';
export { createMachineMeter } from './machine.ts';
export { createSystem } from './system.ts';
