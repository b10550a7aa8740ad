import { whenLoaded } from '../../ui/when-loaded.tsx';

/** The log of a run; its code is loaded when one is first shown. */
export const RunLogs = whenLoaded(() => import('./run-logs.tsx'));
