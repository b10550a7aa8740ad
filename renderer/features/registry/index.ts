import { whenLoaded } from '../../ui/when-loaded.tsx';

export const RunModels = whenLoaded(() => import('./run-models.tsx'));
