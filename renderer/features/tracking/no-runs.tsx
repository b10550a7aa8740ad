import { Button } from '@mantine/core';
import { showDialog } from '../../app/window-state.ts';
import { EmptyState } from '../../ui/empty-state.tsx';

/** Where no run has been recorded: how the first one comes. */
export function NoRuns({ projectId }: { projectId: string | null }) {
  return (
    <EmptyState
      title="No runs yet"
      actions={
        projectId === null ? null : (
          <Button variant="filled" onClick={() => showDialog('start-run')}>
            Run a command
          </Button>
        )
      }
    >
      <p>
        {projectId === null ? 'No project has recorded a run.' : 'This project has recorded no run.'} Start
        one here, or from a terminal in the project’s folder:
      </p>
      <pre>benchtop run -- python train.py</pre>
      <p>
        Lines such as <code>loss=0.41</code> in its output become metrics.
      </p>
    </EmptyState>
  );
}
