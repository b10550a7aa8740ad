export { RunTraces } from './run-traces.tsx';
export { useTraceCount } from './use-traces.ts';
