import { whenLoaded } from '../../ui/when-loaded.tsx';

export { WaitingList } from './waiting-list.tsx';
export const VersionMatrixView = whenLoaded(() => import('./version-matrix-view.tsx'));
