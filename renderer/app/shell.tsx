import { useEffect, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { BottomStrip } from './bottom-strip.tsx';
import { CommandPalette } from './command-palette.tsx';
import { commands, isPageCommand } from './commands.ts';
import { EngineBanner } from './engine-banner.tsx';
import { native, useEngineLink } from './engine.ts';
import { commandForKey } from './keyboard.ts';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';
import { useIncidentNotices } from './use-incident-notices.ts';
import { useRunNotices } from './use-run-notices.ts';
import { useCommandContext } from './use-command-context.ts';
import { useWindowState } from './window-state.ts';
import { WindowDialogs } from './window-dialogs.tsx';

/** The frame around every page: rail, banner, page, bottom strip, palette and dialogs. */
export function Shell({ children }: { children: ReactNode }) {
  const context = useCommandContext();
  const [, navigate] = useLocation();
  useRunNotices();
  useIncidentNotices();
  const isLost = useEngineLink((link) => link.lostAt !== null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const command = commandForKey(event);
      if (command === undefined) return;
      if (isPageCommand(command.id) && useWindowState.getState().pageActions[command.id] === undefined)
        return;
      // Enter and Space on a button, link or box press it.
      if (
        (event.key === 'Enter' || event.key === ' ') &&
        event.target instanceof Element &&
        event.target.closest('a, button, input') !== null
      )
        return;
      event.preventDefault();
      command.run(context);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [context]);

  useEffect(
    () =>
      native?.onCommand((command) => {
        if (command.startsWith('/')) navigate(command);
        else commands.find(({ id }) => id === command)?.run(context);
      }),
    [context, navigate],
  );

  return (
    <div className={styles.shell}>
      <a
        href="#main"
        className={styles.skip}
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the page
      </a>
      <Rail />
      <EngineBanner />
      <main
        id="main"
        className={styles.main}
        data-region="page"
        data-stale={isLost || undefined}
        tabIndex={-1}
      >
        {children}
      </main>
      <BottomStrip />
      <CommandPalette />
      <WindowDialogs />
    </div>
  );
}
