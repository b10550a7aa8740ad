export { createGpuWatch } from './gpu-watch.ts';
export { createMachineMeter } from './machine.ts';
export { createNetworkMeter } from './network-meter.ts';
export { createSystem } from './system.ts';
