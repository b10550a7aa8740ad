export { DiffView } from './lazy-diff-view.ts';
export { RunCode as default } from './run-code.tsx';
