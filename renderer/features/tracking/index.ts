export { comparePath } from './compare-path.ts';
export { differingKeys } from './differing-keys.ts';
export { RunLogs } from './lazy-run-logs.ts';
export { askRunsAhead } from './use-runs.ts';
