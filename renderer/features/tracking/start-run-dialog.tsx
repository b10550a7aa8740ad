import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { engine } from '../../app/engine.ts';
import { splitCommand } from '../../ui/command-line.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { likeliestScript } from '../projects/index.ts';
import styles from './start-run-dialog.module.css';

/** Starts any command in the project's folder. The command is the only thing asked. */
export default function StartRunDialog({ projectId, onClose }: { projectId: string; onClose: () => void }) {
  const [, navigate] = useLocation();
  const { data: findings = [] } = useQuery({
    queryKey: ['findings', projectId],
    queryFn: () => engine.projects.findings({ projectId }),
    staleTime: 30_000,
  });
  const [typed, setTyped] = useState<string | null>(null);
  const script = likeliestScript(findings);
  const line = typed ?? (script === undefined ? '' : `python ${script}`);
  const start = useMutation({
    mutationFn: () => engine.runner.start({ projectId, command: splitCommand(line) }),
    onSuccess: ({ runId }) => {
      onClose();
      navigate(`/projects/${projectId}/runs/${runId}`);
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title="Run a command"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <TextInput
          aria-label="Command"
          placeholder="python train.py --lr 0.1"
          value={line}
          onChange={(event) => setTyped(event.currentTarget.value)}
          spellCheck={false}
          classNames={{ input: styles.command ?? '' }}
          data-autofocus
        />
        <p className={styles.about}>
          It runs in the project’s folder as it is, without a shell. What it prints, measures and writes is
          recorded.
        </p>
        {start.error === null ? null : <ErrorNotice error={start.error} />}
        <div className={styles.foot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={start.isPending}
            disabled={splitCommand(line).length === 0}
          >
            Run
          </Button>
        </div>
      </form>
    </Modal>
  );
}
