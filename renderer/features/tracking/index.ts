export { differingKeys } from './differing-keys.ts';
export { askRunsAhead } from './use-runs.ts';
