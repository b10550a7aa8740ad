/** The menus of a native window, from left to right. */
export const menus = ['file', 'run', 'view', 'go', 'help'] as const;
export type MenuName = (typeof menus)[number];

/**
 * A command of the window that stands in the native menu. The window holds what it does, under the same id;
 * the host only sends the id.
 */
export interface MenuCommand {
  readonly id: string;
  readonly title: string;
  /** As pressed: `mod` is Cmd on a Mac and Ctrl elsewhere. The window listens itself; the menu only shows it. */
  readonly keys?: string;
  readonly menu: MenuName;
  /** Begins a new group within its menu. */
  readonly startsGroup?: boolean;
}

export const menuCommands: readonly MenuCommand[] = [
  { id: 'project.open-folder', title: 'Open a folder…', keys: 'mod+O', menu: 'file' },
  { id: 'project.open-sample', title: 'Open the sample project', menu: 'file' },
  { id: 'run.start', title: 'Run a command…', menu: 'run' },
  { id: 'pipeline.run', title: 'Run the pipeline', menu: 'run' },
  { id: 'run.again', title: 'Run again', menu: 'run', startsGroup: true },
  { id: 'run.cancel', title: 'Cancel the run', menu: 'run' },
  { id: 'window.palette', title: 'Search and commands', keys: 'mod+K', menu: 'view' },
  { id: 'window.toggle-rail', title: 'Fold or unfold the rail', keys: 'mod+B', menu: 'view' },
  { id: 'theme.system', title: 'Theme: as the system', menu: 'view', startsGroup: true },
  { id: 'theme.light', title: 'Theme: light', menu: 'view' },
  { id: 'theme.dark', title: 'Theme: dark', menu: 'view' },
  { id: 'go.back', title: 'Back', menu: 'go' },
  { id: 'go.home', title: 'Project home', keys: 'mod+1', menu: 'go', startsGroup: true },
  { id: 'go.runs', title: 'Runs', keys: 'mod+2', menu: 'go' },
  { id: 'go.pipelines', title: 'Pipelines', keys: 'mod+3', menu: 'go' },
  { id: 'go.data', title: 'Data', keys: 'mod+4', menu: 'go' },
  { id: 'go.models', title: 'Models', keys: 'mod+5', menu: 'go' },
  { id: 'go.monitoring', title: 'Monitoring', keys: 'mod+6', menu: 'go' },
  { id: 'go.all-runs', title: 'Runs of all projects', menu: 'go' },
  { id: 'go.sql', title: 'SQL', menu: 'go' },
  { id: 'go.bin', title: 'Bin', menu: 'go' },
  { id: 'go.outbox', title: 'Outbox', menu: 'go' },
  { id: 'window.keys', title: 'Keys', menu: 'help' },
];
