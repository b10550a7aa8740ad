import { whenLoaded } from '../../ui/when-loaded.tsx';

export const PushDialog = whenLoaded(() => import('./push-dialog.tsx'));
export const TeamModels = whenLoaded(() => import('./team-models.tsx'));
export type { Pushed } from './push-dialog.tsx';
