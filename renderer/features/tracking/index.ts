export { comparePath } from './compare-path.ts';
export { differingKeys } from './differing-keys.ts';
export { MarkdownView } from './markdown-view.tsx';
export { RunLogs } from './lazy-run-logs.ts';
export { tagChange, tagLine } from './run-tags.ts';
export { isSystemSeries } from './system-series.ts';
export { askRunsAhead } from './use-runs.ts';
