import { useEffect, useRef } from 'react';
import type { PageCommandId } from './commands.ts';
import { useWindowState } from './window-state.ts';

/** Offers a page's own actions to the command table for as long as the page is on screen. */
export function usePageActions(actions: Partial<Record<PageCommandId, () => void>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const names = Object.keys(actions).join(' ');
  useEffect(() => {
    const ids = names.split(' ') as PageCommandId[];
    const own = Object.fromEntries(ids.map((id) => [id, () => latest.current[id]?.()]));
    useWindowState.setState((state) => ({ pageActions: { ...state.pageActions, ...own } }));
    return () =>
      useWindowState.setState((state) => ({
        pageActions: Object.fromEntries(
          Object.entries(state.pageActions).filter(([id, action]) => own[id] !== action),
        ),
      }));
  }, [names]);
}
