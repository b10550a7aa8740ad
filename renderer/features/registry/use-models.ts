import { useQueries, useQuery } from '@tanstack/react-query';
import type { ModelVersion, Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/** Below it lies all that is read of the registry: read anew when it changes. */
export const modelsKey = ['models'];

/** A model with its versions, the newest first. */
export function useModel(name: string) {
  return useQuery({
    queryKey: [...modelsKey, 'one', name],
    queryFn: () => engine.registry.model({ name }),
  });
}

/** The runs that made versions, by their ids; those that cannot be read are left out. */
export function useRunsOf(versions: readonly ModelVersion[]): ReadonlyMap<string, Run> {
  const ids = [...new Set(versions.flatMap(({ runId }) => runId ?? []))];
  return useQueries({
    queries: ids.map((runId) => ({
      queryKey: ['run', runId],
      queryFn: () => engine.tracking.run({ runId }),
      retry: false,
    })),
    combine: (answers) =>
      new Map(answers.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data]]))),
  });
}
