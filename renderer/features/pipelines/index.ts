export { usePipeline } from './use-pipeline.ts';
export { useRunPipeline } from './use-run-pipeline.ts';
