import { whenLoaded } from '../../ui/when-loaded.tsx';

export const RunReproduction = whenLoaded(() => import('./run-reproduction.tsx'));
export { VerdictMark } from './verdict-mark.tsx';
