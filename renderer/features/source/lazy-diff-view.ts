import { whenLoaded } from '../../ui/when-loaded.tsx';

/** The two sides of a text. The editor’s code is large, and few who open a run look at its code: it is loaded when first shown. */
export const DiffView = whenLoaded(() => import('./diff-view.tsx'));
