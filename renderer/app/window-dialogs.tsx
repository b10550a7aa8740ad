import { whenLoaded } from '../ui/when-loaded.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { useCurrentProjectId } from './use-current-project.ts';
import { showDialog, useWindowState } from './window-state.ts';

const OpenFolderDialog = whenLoaded(() => import('../features/projects/open-folder-dialog.tsx'));
const StartRunDialog = whenLoaded(() => import('../features/tracking/start-run-dialog.tsx'));

/** The dialogs that any place can open. */
export function WindowDialogs() {
  const dialog = useWindowState((state) => state.dialog);
  const runToChange = useWindowState((state) => state.runToChange);
  const currentProjectId = useCurrentProjectId();
  const projectId = runToChange?.projectId ?? currentProjectId;
  const close = () => showDialog(null);
  return (
    <>
      {dialog === 'keys' ? <KeysDialog onClose={close} /> : null}
      {dialog === 'open-folder' ? <OpenFolderDialog onClose={close} /> : null}
      {dialog === 'start-run' && projectId !== null ? (
        <StartRunDialog projectId={projectId} run={runToChange} onClose={close} />
      ) : null}
    </>
  );
}
