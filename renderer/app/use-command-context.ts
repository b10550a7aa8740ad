import { useMantineColorScheme } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { CommandContext } from './commands.ts';
import { goBack } from './go-back.ts';
import { keepTheme } from './keep-theme.ts';
import { focusNextRegion } from './regions.ts';
import { useCurrentProjectId } from './use-current-project.ts';
import { useOpenProject } from './use-projects.ts';
import { useRail } from './use-rail.ts';
import { showDialog, useWindowState } from './window-state.ts';

/** What commands may use in this window. */
export function useCommandContext(): CommandContext {
  const [, navigate] = useLocation();
  const projectId = useCurrentProjectId();
  const { setColorScheme } = useMantineColorScheme();
  const { mutate: open } = useOpenProject();
  const { toggle } = useRail();
  return useMemo(
    () => ({
      projectId,
      go: navigate,
      goBack,
      showDialog,
      openPalette: () => spotlight.open(),
      openSample: () => open({ sample: true }),
      setTheme(theme) {
        setColorScheme(theme);
        keepTheme(theme);
      },
      toggleRail: toggle,
      focusNextRegion,
      page: (id) => useWindowState.getState().pageActions[id]?.(),
    }),
    [projectId, navigate, setColorScheme, open, toggle],
  );
}
