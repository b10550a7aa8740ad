export { serve, type Served } from './serve.ts';
export { holdAwake } from './hold-awake.ts';
