import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './run-code.module.css';

/** Brings the code of a run back: into a new folder, or as a new branch. Nothing is ever written over. */
export function RestoreDialog({
  run,
  canBranch,
  onClose,
}: {
  run: Run;
  /** False where the code is in no repository of the user. */
  canBranch: boolean;
  onClose: () => void;
}) {
  const [folder, setFolder] = useState(`${run.workingFolder ?? ''}-${run.id.slice(0, 8)}`);
  const [branch, setBranch] = useState(`run/${run.id.slice(0, 8)}`);
  const restore = useMutation({ mutationFn: () => engine.source.restore({ runId: run.id, folder }) });
  const makeBranch = useMutation({
    mutationFn: () => engine.source.createBranch({ runId: run.id, name: branch }),
  });
  return (
    <Modal opened onClose={onClose} title="Restore the code" size={560}>
      <div className={styles.form}>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            restore.mutate();
          }}
        >
          <TextInput
            label="New folder"
            description="One that is not there yet, or is empty."
            value={folder}
            onChange={(event) => setFolder(event.currentTarget.value)}
            spellCheck={false}
            data-autofocus
          />
          {restore.data === undefined ? null : (
            <p role="status">
              {restore.data.fileCount.toLocaleString('en-US')} files are in <code>{restore.data.folder}</code>
              .
              {restore.data.missing.length === 0
                ? ''
                : ` Not there: ${restore.data.missing.map(({ path }) => path).join(', ')}.`}
            </p>
          )}
          {restore.error === null ? null : <ErrorNotice error={restore.error} />}
          <div className={styles.ends}>
            <Button type="submit" loading={restore.isPending} disabled={folder === ''}>
              Write the files
            </Button>
          </div>
        </form>
        {canBranch ? (
          <form
            className={styles.form}
            onSubmit={(event) => {
              event.preventDefault();
              makeBranch.mutate();
            }}
          >
            <TextInput
              label="New branch"
              description="In your repository, without checking it out."
              value={branch}
              onChange={(event) => setBranch(event.currentTarget.value)}
              spellCheck={false}
            />
            {makeBranch.data === undefined ? null : (
              <p role="status">
                The branch <code>{makeBranch.data.branch}</code> is at{' '}
                <code>{makeBranch.data.commitId.slice(0, 8)}</code>.
              </p>
            )}
            {makeBranch.error === null ? null : <ErrorNotice error={makeBranch.error} />}
            <div className={styles.ends}>
              <Button type="submit" loading={makeBranch.isPending} disabled={branch === ''}>
                Make the branch
              </Button>
            </div>
          </form>
        ) : null}
      </div>
    </Modal>
  );
}
