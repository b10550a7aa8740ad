import { useCallback, useEffect, useRef } from 'react';
import { useSearchParams } from 'wouter';
import { z } from 'zod';
import { usePreference, usePreferencesBelow, writePreference } from '../../app/preferences.ts';
import {
  bands,
  isSameView,
  plainView,
  runsView,
  savedView,
  viewOfParams,
  withoutView,
  type RunsView,
  type SavedView,
} from './runs-view.ts';

const { order: orderSchema, columns: columnsSchema } = runsView.shape;
const savedBelow = 'runs.view.';

/**
 * How the runs are looked at: the filter from the address, the rest as it was left in this project. An address that carries a
 * view (`?order=…&columns=…`) or names a saved one (`?view=…`) is taken over once, when it is opened.
 */
export function useRunsView(scope: string) {
  const [search, setSearch] = useSearchParams();
  const text = search.get('q') ?? '';
  const viewId = search.get('view');
  const [order] = usePreference(scope, 'runs.order', orderSchema, plainView.order);
  const [columns] = usePreference(scope, 'runs.columns', columnsSchema, null);
  const [onlyDiffering] = usePreference(scope, 'runs.only-differing', z.boolean(), true);
  const [baseline] = usePreference(scope, 'runs.baseline', z.string().nullable(), null);
  const [groupBy] = usePreference(scope, 'runs.group-by', z.string().nullable(), null);
  const [band] = usePreference(scope, 'runs.band', z.enum(bands), plainView.band);
  const { values: saved, isRead } = usePreferencesBelow<SavedView>(scope, savedBelow, savedView);
  const view: RunsView = { text, order, columns, onlyDiffering, baseline, groupBy, band };

  const setText = useCallback(
    (next: string) =>
      setSearch(
        (params) => {
          if (next === '') params.delete('q');
          else params.set('q', next);
          return params;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const change = useCallback(
    (next: Partial<RunsView>) => {
      if (next.order !== undefined) writePreference(scope, 'runs.order', next.order);
      if (next.columns !== undefined) writePreference(scope, 'runs.columns', next.columns);
      if (next.onlyDiffering !== undefined) writePreference(scope, 'runs.only-differing', next.onlyDiffering);
      if (next.baseline !== undefined) writePreference(scope, 'runs.baseline', next.baseline);
      if (next.groupBy !== undefined) writePreference(scope, 'runs.group-by', next.groupBy);
      if (next.band !== undefined) writePreference(scope, 'runs.band', next.band);
    },
    [scope],
  );

  const takenOver = useRef<string | null>(null);
  useEffect(() => {
    if (!isRead) return;
    const carried = viewOfParams(search);
    if (carried !== null) {
      change(carried);
      setSearch(withoutView(search), { replace: true });
      return;
    }
    const named = viewId === null ? undefined : saved.get(viewId);
    if (named === undefined || takenOver.current === viewId) return;
    takenOver.current = viewId;
    change(named);
    setText(named.text);
  }, [isRead, search, viewId, saved, change, setSearch, setText]);

  const open = useCallback(
    (id: string | null) => {
      takenOver.current = id;
      const next = (id === null ? undefined : saved.get(id)) ?? plainView;
      change(next);
      setSearch((params) => {
        params.delete('q');
        params.delete('view');
        if (next.text !== '') params.set('q', next.text);
        if (id !== null) params.set('view', id);
        return params;
      });
    },
    [saved, change, setSearch],
  );
  const save = useCallback(
    (id: string, name: string, what: RunsView) => {
      writePreference(scope, savedBelow + id, { ...what, name });
      takenOver.current = id;
      setSearch(
        (params) => {
          params.set('view', id);
          return params;
        },
        { replace: true },
      );
    },
    [scope, setSearch],
  );
  const remove = useCallback(
    (id: string) => {
      writePreference(scope, savedBelow + id, null);
      setSearch(
        (params) => {
          params.delete('view');
          return params;
        },
        { replace: true },
      );
    },
    [scope, setSearch],
  );
  const current = viewId === null ? undefined : saved.get(viewId);
  return {
    view,
    isRead,
    setText,
    change,
    saved,
    /** The saved view that is open, and whether it was changed since. */
    current:
      current === undefined ? null : { id: viewId ?? '', ...current, isChanged: !isSameView(current, view) },
    open,
    save,
    remove,
  };
}
