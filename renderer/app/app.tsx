import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';
import { useEngineLink } from './engine.ts';
import { NoEnginePage } from './no-engine-page.tsx';
import { usePreference } from './preferences.ts';
import { queryClient } from './query-client.ts';
import { Routes } from './routes.tsx';
import { Shell } from './shell.tsx';
import { theme } from './theme.ts';
import { styleNonce } from './trusted-types.ts';

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={4} transitionDuration={0} />
        <Window />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Window() {
  const hasNoEngine = useEngineLink((link) => link.status === 'connecting' && link.refusals > 1);
  useStoredTheme();
  if (hasNoEngine) return <NoEnginePage />;
  return (
    <Shell>
      <Routes />
    </Shell>
  );
}

/** The browser remembers the theme for its own origin; the engine remembers it for every window. */
function useStoredTheme(): void {
  const [stored, , isRead] = usePreference('window', 'theme', z.enum(['auto', 'light', 'dark']), 'auto');
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    if (isRead) setColorScheme(stored);
  }, [isRead, stored, setColorScheme]);
}
