export { FirstRunPage } from './first-run-page.tsx';
export { likeliestScript } from './next-action.ts';
