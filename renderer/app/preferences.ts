import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { z } from 'zod';
import { engine } from './engine.ts';
import { queryClient } from './query-client.ts';
import { reportDefect } from './report-defect.ts';

type Json = z.infer<ReturnType<typeof z.json>>;
type Preferences = Record<string, Json>;

const writeAfterMs = 300;
const pending = new Map<string, ReturnType<typeof setTimeout>>();

/**
 * One remembered setting of the window (scope `window`) or of a project (scope: its id), kept by the engine because the
 * page's origin changes between starts. A stored value that no longer fits the schema counts as not set.
 */
export function usePreference<T extends Json>(
  scope: string,
  key: string,
  schema: z.ZodType<T>,
  initial: T,
): readonly [value: T, set: (value: T) => void, isRead: boolean] {
  const { data, isFetched } = useQuery({
    queryKey: ['preferences', scope],
    queryFn: () => engine.preferences.read({ scope }),
  });
  const stored = schema.safeParse(data?.[key]);
  const set = useCallback((value: T) => writePreference(scope, key, value), [scope, key]);
  return [stored.success ? stored.data : initial, set, isFetched];
}

/** All settings of a scope whose key begins so, by the rest of the key; those that do not fit the schema are left out. */
export function usePreferencesBelow<T extends Json>(
  scope: string,
  prefix: string,
  schema: z.ZodType<T>,
): { readonly values: ReadonlyMap<string, T>; readonly isRead: boolean } {
  const { data, isFetched } = useQuery({
    queryKey: ['preferences', scope],
    queryFn: () => engine.preferences.read({ scope }),
  });
  const values = useMemo(() => {
    const found = new Map<string, T>();
    for (const [key, value] of Object.entries(data ?? {})) {
      const fits = key.startsWith(prefix) ? schema.safeParse(value) : null;
      if (fits?.success === true) found.set(key.slice(prefix.length), fits.data);
    }
    return found;
  }, [data, prefix, schema]);
  return { values, isRead: isFetched };
}

/** Shows the new value at once and stores it a moment later, so that dragging does not write at every step. */
export function writePreference(scope: string, key: string, value: Json): void {
  queryClient.setQueryData<Preferences>(['preferences', scope], (all) => ({ ...all, [key]: value }));
  const name = `${scope} ${key}`;
  clearTimeout(pending.get(name));
  pending.set(
    name,
    setTimeout(() => {
      pending.delete(name);
      engine.preferences.write({ scope, key, value }).catch((error: unknown) => {
        reportDefect(`The preference ${key} was not stored`, error);
      });
    }, writeAfterMs),
  );
}
