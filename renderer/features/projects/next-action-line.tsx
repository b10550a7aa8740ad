import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import {
  assertNever,
  type Execution,
  type Finding,
  type Pipeline,
  type Project,
} from '../../../contract/index.ts';
import { showDialog } from '../../app/window-state.ts';
import { useRunPipeline } from '../pipelines/index.ts';
import { nextAction, type NextAction } from './next-action.ts';
import styles from './next-action-line.module.css';
import { engine } from '../../app/engine.ts';
import { showProblem } from '../../app/show-problem.ts';
import { splitCommand } from '../../ui/command-line.ts';

interface Facts {
  project: Project;
  pipeline: Pipeline | null;
  lastExecution: Execution | undefined;
  findings: readonly Finding[];
}

/** One sentence on where the project stands, and the one button that goes on. */
export function NextActionLine(facts: Facts) {
  const [, navigate] = useLocation();
  const root = `/projects/${facts.project.id}`;
  const runPipeline = useRunPipeline(facts.project.id);
  const runScript = useMutation({
    mutationFn: (command: string) =>
      engine.runner.start({ projectId: facts.project.id, command: splitCommand(command) }),
    onSuccess: ({ runId }) => navigate(`${root}/runs/${runId}`),
    onError: showProblem,
  });
  const press = (label: string, onClick: () => void, isBusy = false): ReactNode => (
    <Button variant="filled" onClick={onClick} loading={isBusy}>
      {label}
    </Button>
  );

  function told(action: NextAction): { sentence: ReactNode; button: ReactNode } {
    switch (action.kind) {
      case 'folder-gone':
        return {
          sentence:
            'The folder is not there: moved, deleted, or on a disk that is not plugged in. Its runs are kept.',
          button: press('Look at the runs', () => navigate(`${root}/runs`)),
        };
      case 'fix-pipeline':
        return {
          sentence: `${action.file} has ${action.problems === 1 ? 'a problem' : `${action.problems} problems`} to mend before it can run.`,
          button: press('Show what to mend', () => navigate(`${root}/pipelines`)),
        };
      case 'watch':
        return {
          sentence: 'The pipeline is running.',
          button: press('Watch it', () => navigate(`${root}/runs/${action.runId}/charts`)),
        };
      case 'look-at-failure':
        return {
          sentence: `The last execution failed at ${action.stage}.`,
          button: press('See why', () => navigate(`${root}/runs/${action.runId}`)),
        };
      case 'run-pipeline':
        return {
          sentence: `${action.file} defines ${action.stages === 1 ? 'one stage' : `${action.stages} stages`}.`,
          button: press(
            'Run pipeline',
            () => runPipeline.mutate({}, { onSuccess: () => navigate(`${root}/pipelines`) }),
            runPipeline.isPending,
          ),
        };
      case 'run-script':
        return {
          sentence: (
            <>
              Nothing to set up: <code>{action.command}</code> runs as it is.
            </>
          ),
          button: press('Run it', () => runScript.mutate(action.command), runScript.isPending),
        };
      case 'look-at-runs':
        return {
          sentence: `${action.runs} runs are recorded here.`,
          button: press('Look at the runs', () => navigate(`${root}/runs`)),
        };
      case 'choose-other':
        return {
          sentence: 'There is nothing to run in this folder yet. Add a script, or run any command here.',
          button: press('Run a command', () => showDialog('start-run')),
        };
      default:
        return assertNever(action);
    }
  }
  const { sentence, button } = told(nextAction(facts));
  return (
    <div className={styles.line}>
      <p className={styles.sentence}>{sentence}</p>
      <div className={styles.buttons}>
        {button}
        <Button onClick={() => showDialog('start-run')}>Run a command</Button>
      </div>
    </div>
  );
}
