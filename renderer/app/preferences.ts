import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
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
