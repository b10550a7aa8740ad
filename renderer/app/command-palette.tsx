import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { StatusMark } from '../ui/status-mark.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import styles from './command-palette.module.css';
import { commands, isPageCommand, type Command } from './commands.ts';
import { engine } from './engine.ts';
import { keyParts } from './keyboard.ts';
import { modelPath } from './model-path.ts';
import { useCommandContext } from './use-command-context.ts';
import { useProjects } from './use-projects.ts';
import { useWindowState } from './window-state.ts';

const groups = ['Go to', 'Project', 'Run', 'Runs', 'Pipeline', 'Model', 'Window'] as const;

/** One field over everything: commands of this place, projects, and the runs of all projects. */
export function CommandPalette() {
  const context = useCommandContext();
  const pageActions = useWindowState((state) => state.pageActions);
  const { data: projects = [] } = useProjects();
  const [query, setQuery] = useState('');
  const asked = useDeferredValue(query.trim());
  const { data: found } = useQuery({
    queryKey: ['palette-runs', asked],
    queryFn: ({ signal }) => engine.tracking.searchRuns({ text: asked, limit: 8 }, { signal }),
    enabled: asked.length > 1,
    staleTime: 5000,
    placeholderData: (before) => before,
  });

  const { data: foundModels } = useQuery({
    queryKey: ['models', 'palette', asked],
    queryFn: () => engine.registry.models({ text: asked, limit: 8 }),
    enabled: asked.length > 1,
    staleTime: 5000,
    placeholderData: (before) => before,
  });

  // The palette selects the first of what it has when something is typed; runs arrive a moment later.
  const searchRef = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const list = document.querySelector('.mantine-Spotlight-actionsList');
    if (found === undefined || list === null || list.querySelector('[data-selected]') !== null) return;
    searchRef.current?.dispatchEvent(new KeyboardEvent('keydown', { code: 'ArrowDown', bubbles: true }));
  }, [found]);

  const isOffered = (command: Command) =>
    command.id !== 'window.palette' &&
    (isPageCommand(command.id)
      ? pageActions[command.id] !== undefined
      : !command.id.startsWith('go.') || context.projectId !== null);
  const actions: SpotlightActionGroupData[] = groups.map((group) => ({
    group,
    actions: commands
      .filter((command) => command.group === group && isOffered(command))
      .map((command) => ({
        id: command.id,
        label: command.title,
        onClick: () => command.run(context),
        rightSection:
          command.keys?.[0] === undefined ? undefined : (
            <kbd className={styles.keys}>{keyParts(command.keys[0]).join(' ')}</kbd>
          ),
      })),
  }));
  const places: SpotlightActionGroupData[] = [
    {
      group: 'Projects',
      actions: projects.map((project) => ({
        id: `project ${project.id}`,
        label: project.name,
        description: project.path,
        onClick: () => context.go(`/projects/${project.id}`),
      })),
    },
    {
      group: 'Models found',
      actions: (asked.length > 1 && context.projectId !== null ? (foundModels?.models ?? []) : []).map(
        ({ name }) => ({
          id: `model ${name}`,
          label: name,
          keywords: [query],
          onClick: () => context.go(modelPath(context.projectId, name)),
        }),
      ),
    },
    {
      group: 'Runs found',
      actions: (asked.length > 1 ? (found?.runs ?? []) : []).map((run) => ({
        id: `run ${run.id}`,
        label: run.name,
        // The engine chose them; the palette's own filter must not drop what matched in a note or param.
        keywords: [query],
        leftSection: <StatusMark status={run.status} isIconOnly />,
        rightSection: (
          <span className={styles.keys}>
            <RelativeTime at={run.createdAt} />
          </span>
        ),
        onClick: () =>
          context.go(
            run.projectId === null ? `/runs/${run.id}` : `/projects/${run.projectId}/runs/${run.id}`,
          ),
      })),
    },
  ];
  return (
    <Spotlight
      actions={[...actions, ...places]}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      nothingFound="No command, project, model or run has these words."
      highlightQuery
      scrollable
      maxHeight={420}
      classNames={{
        action: styles.action ?? '',
        search: styles.search ?? '',
        actionsGroup: styles.group ?? '',
      }}
      searchProps={{
        ref: searchRef,
        placeholder: 'A command, a project, a model, a run, a param …',
        'aria-label': 'Search and commands',
      }}
      transitionProps={{ duration: 0 }}
      attributes={{ content: { 'aria-label': 'Search and commands' } }}
      centered={false}
      yOffset={72}
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
    />
  );
}
