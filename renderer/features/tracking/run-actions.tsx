import { ActionIcon, Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { placeRun } from '../../app/follow-changes.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { changeAndRun } from '../../app/window-state.ts';
import { commandLine } from '../../ui/command-line.ts';
import { copyText } from '../../ui/copy-text.ts';
import { PushDialog } from '../sync/index.ts';
import { isGoingOn } from './is-going-on.ts';
import { lacksSecret } from './lacks-secret.ts';
import { runPath } from './run-path.ts';

/** What can be done with a run: star it, cancel it while it goes on, run it again. */
export function RunActions({ run }: { run: Run }) {
  const [, navigate] = useLocation();
  const cancel = useMutation({
    mutationFn: () => engine.runner.cancel({ runId: run.id }),
    onError: showProblem,
  });
  const star = useMutation({
    mutationFn: () => engine.tracking.updateRun({ runId: run.id, isStarred: !run.isStarred }),
    onSuccess: (answer) => placeRun(queryClient, answer),
    onError: showProblem,
  });
  const again = useMutation({
    mutationFn: (projectId: string) =>
      engine.runner.start({
        projectId,
        command: run.command,
        ...(run.workingFolder === null ? {} : { workingFolder: run.workingFolder }),
      }),
    onSuccess: ({ runId }) => navigate(runPath({ id: runId, projectId: run.projectId })),
    onError: showProblem,
  });
  const { projectId } = run;
  const canRunAgain = projectId !== null && run.command.length > 0;
  const runAgain = () => {
    if (projectId === null) return;
    // A secret was left out of what was recorded: somebody has to put it in.
    if (lacksSecret(run.command)) changeAndRun(run);
    else again.mutate(projectId);
  };
  const [isPushing, setPushing] = useState(false);
  usePageActions({
    ...(isGoingOn(run) ? {} : { 'page.push': () => setPushing(true) }),
    'runs.star': () => star.mutate(),
    'run.copy-id': () => void copyText(run.id, 'the run’s id'),
    ...(run.command.length > 0
      ? { 'run.copy-command': () => void copyText(commandLine(run.command), 'the command') }
      : {}),
    ...(canRunAgain ? { 'run.again': runAgain, 'run.change': () => changeAndRun(run) } : {}),
    ...(isGoingOn(run) ? { 'run.cancel': () => cancel.mutate() } : {}),
  });
  return (
    <>
      <ActionIcon
        aria-label={run.isStarred ? 'Unstar the run' : 'Star the run'}
        aria-pressed={run.isStarred}
        onClick={() => star.mutate()}
      >
        {run.isStarred ? <IconStarFilled size={14} /> : <IconStar size={14} stroke={1.5} />}
      </ActionIcon>
      {isGoingOn(run) ? (
        <Button onClick={() => cancel.mutate()} loading={cancel.isPending}>
          Cancel
        </Button>
      ) : canRunAgain ? (
        <>
          <Button onClick={() => changeAndRun(run)}>Change and run</Button>
          <Button onClick={runAgain} loading={again.isPending}>
            Run again
          </Button>
        </>
      ) : null}
      {isGoingOn(run) ? null : <Button onClick={() => setPushing(true)}>Push…</Button>}
      {isPushing ? (
        <PushDialog pushed={{ name: run.name, runIds: [run.id] }} onClose={() => setPushing(false)} />
      ) : null}
    </>
  );
}
