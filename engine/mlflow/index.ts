export { mlflowPaths } from './paths.ts';
export { readTraceFilter } from './read-trace-filter.ts';
export { mlflowRoutes } from './routes.ts';
