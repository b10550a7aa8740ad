export { CauseList } from './cause-list.tsx';
export { useComparisonWithRows } from './use-comparison.ts';
export { WhatChanged } from './what-changed.tsx';
