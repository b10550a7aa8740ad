import { create } from 'zustand';
import type { Run } from '../../contract/index.ts';
import type { PageCommandId } from './commands.ts';

export type WindowDialog = 'open-folder' | 'keys' | 'start-run';

interface WindowState {
  readonly dialog: WindowDialog | null;
  /** The run that "run a command" begins with; null for an empty command. */
  readonly runToChange: Run | null;
  /** What the page on screen can do for commands that belong to a page. */
  readonly pageActions: Partial<Record<PageCommandId, () => void>>;
}

/** State of this window alone. What the engine knows is in the query cache, what outlives the window in preferences. */
export const useWindowState = create<WindowState>(() => ({
  dialog: null,
  runToChange: null,
  pageActions: {},
}));

export const showDialog = (dialog: WindowDialog | null) =>
  useWindowState.setState({ dialog, runToChange: null });

/** Opens "run a command" with the command of a run, to be changed. */
export const changeAndRun = (runToChange: Run) =>
  useWindowState.setState({ dialog: 'start-run', runToChange });
