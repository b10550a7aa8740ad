import { Button, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconChevronUp, IconFolder } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { engine, native } from '../../app/engine.ts';
import { useOpenProject } from '../../app/use-projects.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import styles from './open-folder-dialog.module.css';
import { showProblem } from '../../app/show-problem.ts';

/** Chooses a folder to open as a project: the system's own dialog where there is one, else a list of folders. */
export default function OpenFolderDialog({ onClose }: { onClose: () => void }) {
  return native === null ? <FolderBrowser onClose={onClose} /> : <NativeChoice onClose={onClose} />;
}

function NativeChoice({ onClose }: { onClose: () => void }) {
  const { mutate: open } = useOpenProject();
  useEffect(() => {
    let isWanted = true;
    native
      ?.chooseFolder()
      .then((path) => {
        if (!isWanted) return;
        if (path !== null) open({ path });
        onClose();
      })
      .catch(showProblem);
    return () => {
      isWanted = false;
    };
  }, [open, onClose]);
  return null;
}

function FolderBrowser({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState<string | undefined>();
  // What was typed since the folder was listed; null shows where the list is.
  const [edited, setEdited] = useState<string | null>(null);
  const { mutate: open, isPending } = useOpenProject();
  const { data: listing, error } = useQuery({
    queryKey: ['folders', path],
    queryFn: ({ signal }) => engine.system.folders(path === undefined ? {} : { path }, { signal }),
    placeholderData: (before) => before,
    staleTime: 0,
  });
  const typed = edited ?? listing?.path ?? '';
  const goTo = (next: string) => {
    setEdited(null);
    setPath(next);
  };
  const choose = () => open({ path: typed }, { onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title="Open a folder" size={560}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === listing?.path) choose();
          else goTo(typed);
        }}
      >
        <TextInput
          aria-label="Path of the folder"
          value={typed}
          onChange={(event) => setEdited(event.currentTarget.value)}
          spellCheck={false}
          classNames={{ input: styles.path ?? '' }}
          data-autofocus
        />
        <div className={styles.list} role="group" aria-label="Folders">
          {listing === undefined || listing.parent === null ? null : (
            <button
              type="button"
              className={styles.folder}
              onClick={() => goTo(listing.parent ?? listing.path)}
            >
              <IconChevronUp size={14} stroke={1.5} aria-hidden /> Up to {listing.parent}
            </button>
          )}
          {error === null ? null : <ErrorNotice error={error} />}
          {listing === undefined && error === null ? <Pending what="the folders" /> : null}
          {listing?.folders.length === 0 ? (
            <p className={styles.none}>No folders in here. You can open this one.</p>
          ) : null}
          {listing?.folders.map((folder) => (
            <button
              type="button"
              key={folder.path}
              className={styles.folder}
              onClick={() => goTo(folder.path)}
            >
              <IconFolder size={14} stroke={1.5} aria-hidden /> {folder.name}
            </button>
          ))}
        </div>
        <div className={styles.foot}>
          <p className={styles.promise}>Opening a folder writes nothing into it.</p>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" loading={isPending} onClick={choose} disabled={typed === ''}>
            Open this folder
          </Button>
        </div>
      </form>
    </Modal>
  );
}
