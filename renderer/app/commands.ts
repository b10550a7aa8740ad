/**
 * Everything the window can be told to do, once. The palette, the keyboard, the help page and a native menu read this
 * table; a native host sends an `id` through `NativeBridge.onCommand`.
 */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Go to' | 'Project' | 'Runs' | 'Run' | 'Pipeline' | 'Model' | 'Window';
  /** As pressed: `mod` is Cmd on a Mac and Ctrl elsewhere; a single capital letter is that key without modifiers. */
  readonly keys?: readonly string[];
  run(context: CommandContext): void;
}

/** What a command may use. A page command does nothing where the page on screen does not offer it. */
export interface CommandContext {
  /** The project on screen, else the one opened last; null when there is none. */
  readonly projectId: string | null;
  go(path: string): void;
  goBack(): void;
  showDialog(dialog: 'open-folder' | 'keys' | 'start-run'): void;
  openPalette(): void;
  openSample(): void;
  setTheme(theme: 'auto' | 'light' | 'dark'): void;
  toggleRail(): void;
  focusNextRegion(step: 1 | -1): void;
  page(id: PageCommandId): void;
}

const pageCommandTable = [
  { id: 'runs.next', title: 'Next run or model', group: 'Runs', keys: ['J', 'ArrowDown'] },
  { id: 'runs.previous', title: 'Previous run or model', group: 'Runs', keys: ['K', 'ArrowUp'] },
  { id: 'runs.open', title: 'Open the run or model', group: 'Runs', keys: ['Enter'] },
  { id: 'runs.first', title: 'First run', group: 'Runs', keys: ['Home'] },
  { id: 'runs.last', title: 'Last run', group: 'Runs', keys: ['End'] },
  { id: 'runs.page-down', title: 'A page of runs down', group: 'Runs', keys: ['PageDown'] },
  { id: 'runs.page-up', title: 'A page of runs up', group: 'Runs', keys: ['PageUp'] },
  { id: 'runs.select', title: 'Select or deselect the run', group: 'Runs', keys: ['X', ' '] },
  { id: 'runs.extend-down', title: 'Select this run and the next', group: 'Runs', keys: ['shift+ArrowDown'] },
  {
    id: 'runs.extend-up',
    title: 'Select this run and the one before',
    group: 'Runs',
    keys: ['shift+ArrowUp'],
  },
  { id: 'runs.compare', title: 'Compare the selected runs', group: 'Runs', keys: ['C'] },
  { id: 'runs.baseline', title: 'Compare all runs with this one', group: 'Runs', keys: ['B'] },
  { id: 'runs.star', title: 'Star or unstar the run', group: 'Runs', keys: ['S'] },
  { id: 'runs.note', title: 'Write a note on the run', group: 'Runs', keys: ['N'] },
  { id: 'runs.tags', title: 'Edit the tags of the run', group: 'Runs', keys: ['T'] },
  { id: 'page.filter', title: 'Filter what is listed', group: 'Window', keys: ['/'] },
  { id: 'page.push', title: 'Push to a target', group: 'Window' },
  { id: 'runs.select-all', title: 'Select all loaded runs', group: 'Runs', keys: ['mod+A'] },
  { id: 'runs.clear', title: 'Clear the selection', group: 'Runs' },
  { id: 'runs.delete', title: 'Put the selected runs into the bin', group: 'Runs', keys: ['Delete'] },
  { id: 'runs.columns', title: 'Choose columns', group: 'Runs', keys: ['shift+C'] },
  { id: 'run.again', title: 'Run again', group: 'Run' },
  { id: 'run.change', title: 'Change the command and run it', group: 'Run' },
  { id: 'run.cancel', title: 'Cancel the run', group: 'Run' },
  { id: 'run.copy-command', title: 'Copy the run’s command', group: 'Run' },
  { id: 'run.copy-id', title: 'Copy the run’s id', group: 'Run' },
  { id: 'model.promote', title: 'Promote the newest version', group: 'Model', keys: ['P'] },
  { id: 'model.edit', title: 'Edit the model’s name, description and tags', group: 'Model' },
  { id: 'model.delete', title: 'Delete the model', group: 'Model' },
  { id: 'model.rollback', title: 'Roll the champion back', group: 'Model' },
  { id: 'pipeline.run', title: 'Run the pipeline', group: 'Pipeline' },
  { id: 'pipeline.upstream', title: 'Show only what the stage needs', group: 'Pipeline', keys: ['U'] },
  { id: 'pipeline.downstream', title: 'Show only what needs the stage', group: 'Pipeline', keys: ['D'] },
  { id: 'pipeline.all', title: 'Show all stages', group: 'Pipeline', keys: ['A'] },
  { id: 'pipeline.fold', title: 'Fold or unfold groups of stages', group: 'Pipeline', keys: ['G'] },
  { id: 'pipeline.list', title: 'Show or hide the list of stages', group: 'Pipeline', keys: ['L'] },
] as const;

export type PageCommandId = (typeof pageCommandTable)[number]['id'];

const inProject = (place: string) => (context: CommandContext) => {
  if (context.projectId !== null) context.go(`/projects/${context.projectId}${place}`);
};

export const commands: readonly Command[] = [
  { id: 'go.home', title: 'Project home', group: 'Go to', keys: ['mod+1'], run: inProject('') },
  { id: 'go.runs', title: 'Runs', group: 'Go to', keys: ['mod+2'], run: inProject('/runs') },
  { id: 'go.pipelines', title: 'Pipelines', group: 'Go to', keys: ['mod+3'], run: inProject('/pipelines') },
  { id: 'go.data', title: 'Data', group: 'Go to', keys: ['mod+4'], run: inProject('/data') },
  { id: 'go.models', title: 'Models', group: 'Go to', keys: ['mod+5'], run: inProject('/models') },
  {
    id: 'go.monitoring',
    title: 'Monitoring',
    group: 'Go to',
    keys: ['mod+6'],
    run: inProject('/monitoring'),
  },
  { id: 'go.all-runs', title: 'Runs of all projects', group: 'Go to', run: (context) => context.go('/runs') },
  { id: 'go.sql', title: 'SQL', group: 'Go to', run: (context) => context.go('/sql') },
  { id: 'go.bin', title: 'Bin', group: 'Go to', run: (context) => context.go('/bin') },
  { id: 'go.outbox', title: 'Outbox', group: 'Go to', run: (context) => context.go('/outbox') },
  {
    id: 'go.targets',
    title: 'Targets: where runs and models are sent',
    group: 'Go to',
    run: (context) => context.go('/outbox/targets'),
  },
  {
    id: 'go.storage',
    title: 'Storage: what is stored, whether it is sound',
    group: 'Go to',
    run: (context) => context.go('/storage'),
  },
  {
    id: 'go.queue',
    title: 'Queue: what runs and waits',
    group: 'Go to',
    run: (context) => context.go('/queue'),
  },
  { id: 'go.back', title: 'Back', group: 'Go to', keys: ['Escape'], run: (context) => context.goBack() },
  {
    id: 'project.open-folder',
    title: 'Open a folder',
    group: 'Project',
    keys: ['mod+O'],
    run: (context) => context.showDialog('open-folder'),
  },
  {
    id: 'project.open-sample',
    title: 'Open the sample project',
    group: 'Project',
    run: (context) => context.openSample(),
  },
  {
    id: 'run.start',
    title: 'Run a command',
    group: 'Project',
    keys: ['R'],
    run: (context) => context.showDialog('start-run'),
  },
  ...pageCommandTable.map((command): Command => ({ ...command, run: (context) => context.page(command.id) })),
  {
    id: 'window.palette',
    title: 'Search and commands',
    group: 'Window',
    keys: ['mod+K'],
    run: (context) => context.openPalette(),
  },
  {
    id: 'window.keys',
    title: 'Keys',
    group: 'Window',
    keys: ['?'],
    run: (context) => context.showDialog('keys'),
  },
  {
    id: 'window.next-region',
    title: 'Next region of the window',
    group: 'Window',
    keys: ['F6'],
    run: (context) => context.focusNextRegion(1),
  },
  {
    id: 'window.previous-region',
    title: 'Previous region of the window',
    group: 'Window',
    keys: ['shift+F6'],
    run: (context) => context.focusNextRegion(-1),
  },
  {
    id: 'window.toggle-rail',
    title: 'Fold or unfold the rail',
    group: 'Window',
    keys: ['mod+B'],
    run: (context) => context.toggleRail(),
  },
  {
    id: 'theme.system',
    title: 'Theme: as the system',
    group: 'Window',
    run: (context) => context.setTheme('auto'),
  },
  { id: 'theme.light', title: 'Theme: light', group: 'Window', run: (context) => context.setTheme('light') },
  { id: 'theme.dark', title: 'Theme: dark', group: 'Window', run: (context) => context.setTheme('dark') },
];

const pageCommandIds: ReadonlySet<string> = new Set(pageCommandTable.map((command) => command.id));

export function isPageCommand(id: string): id is PageCommandId {
  return pageCommandIds.has(id);
}
