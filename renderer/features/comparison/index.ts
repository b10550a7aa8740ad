export { CauseList } from './cause-list.tsx';
export { useComparison } from './use-comparison.ts';
export { WhatChanged } from './what-changed.tsx';
