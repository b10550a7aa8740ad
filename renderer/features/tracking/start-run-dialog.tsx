import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { engine } from '../../app/engine.ts';
import { commandLine, splitCommand } from '../../ui/command-line.ts';
import choices from '../../ui/choice-buttons.module.css';
import forms from '../../ui/form-dialog.module.css';
import { FormDialog } from '../../ui/form-dialog.tsx';
import type { Priority, Run } from '../../../contract/index.ts';
import { likeliestScript } from '../projects/index.ts';
import { lacksSecret } from './lacks-secret.ts';
import { needsText } from './needs-text.ts';
import { ScriptFields } from './script-fields.tsx';
import styles from './start-run-dialog.module.css';

/**
 * Starts any command in the project's folder: an empty one, or that of a run to be changed. The command is the only thing
 * asked; what its script declares can be filled in below it.
 */
export default function StartRunDialog({
  projectId,
  run,
  onClose,
}: {
  projectId: string;
  run: Run | null;
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const { data: findings = [] } = useQuery({
    queryKey: ['findings', projectId],
    queryFn: () => engine.projects.findings({ projectId }),
    staleTime: 30_000,
  });
  const [typed, setTyped] = useState<string | null>(null);
  const [priority, setPriority] = useState<Priority>('normal');
  const script = likeliestScript(findings);
  const first = run === null ? (script === undefined ? '' : `python3 ${script}`) : commandLine(run.command);
  const line = typed ?? first;
  const command = splitCommand(line);
  const workingFolder = run?.workingFolder ?? '.';
  const [settled] = useDebouncedValue(line, 300);
  const { data: needs } = useQuery({
    queryKey: ['needs', projectId, settled],
    queryFn: () => engine.runner.needs({ projectId, command: splitCommand(settled) }),
    placeholderData: keepPreviousData,
  });
  const start = useMutation({
    mutationFn: () => engine.runner.start({ projectId, command, workingFolder, priority }),
    onSuccess: ({ runId }) => {
      onClose();
      navigate(`/projects/${projectId}/runs/${runId}`);
    },
  });
  return (
    <FormDialog
      title={run === null ? 'Run a command' : `Run ${run.name} with changes`}
      widthPx={640}
      submit="Run"
      isReady={command.length > 0 && !lacksSecret(command)}
      isPending={start.isPending}
      error={start.error}
      beside={
        <div className={`${choices.choice} ${styles.priority}`} role="group" aria-label="Priority">
          <span title="Where it comes into the queue when it has to wait: before those of less">
            Priority
          </span>
          {priorities.map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={priority === name}
              onClick={() => setPriority(name)}
            >
              {name}
            </button>
          ))}
        </div>
      }
      onSubmit={() => start.mutate()}
      onClose={onClose}
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
      <p className={forms.about}>
        It runs in the project’s folder as it is, without a shell. What it prints, measures and writes is
        recorded.
      </p>
      <ScriptFields
        projectId={projectId}
        command={command}
        workingFolder={workingFolder}
        onChange={(changed) => setTyped(commandLine(changed))}
      />
      {lacksSecret(command) ? (
        <p className={forms.about} role="status">
          A secret was left out of the record. Put it in the place of <code>[redacted]</code>.
        </p>
      ) : null}
      {needs === undefined || needs.warning === null ? (
        // Its line is kept free until it is known: a button that moves away under the pointer is not pressed.
        <p className={forms.about}>{needs === undefined ? '\u00a0' : needsText(needs)}</p>
      ) : (
        <p className={styles.warning} role="status">
          <IconAlertTriangle size={14} stroke={1.5} aria-hidden /> {needs.warning} It waits for room while
          other runs go on.
        </p>
      )}
    </FormDialog>
  );
}

const priorities: readonly Priority[] = ['low', 'normal', 'high'];
