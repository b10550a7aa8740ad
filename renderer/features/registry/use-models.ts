import { useInfiniteQuery, useQueries, useQuery, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import { errorShapeOf, type ModelVersion, type RegisteredModel, type Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/** Below it lies all that is read of the registry: read anew when it changes. */
export const modelsKey = ['models'];

const pageVersions = 200;

export function useModel(name: string) {
  return useQuery({
    queryKey: [...modelsKey, 'one', name],
    queryFn: () => engine.registry.model({ name }),
  });
}

/** The versions of a model that were read. */
export interface ReadVersions {
  /** The newest first, without a gap. */
  readonly newest: readonly ModelVersion[];
  /** These, and the older ones that an alias or the address names. */
  readonly known: readonly ModelVersion[];
  /** Reads on; null when all are there. */
  readonly readMore: (() => void) | null;
}

/** The newest versions of a model, and those that are asked for by alias or address; undefined until they are there. */
export function useReadVersions(
  name: string,
  aliases: RegisteredModel['aliases'],
): { versions: ReadVersions | undefined; error: Error | null } {
  const [address] = useSearchParams();
  const pages = useInfiniteQuery({
    queryKey: [...modelsKey, 'versions', name],
    queryFn: ({ pageParam }) =>
      engine.registry.versions({
        name,
        limit: pageVersions,
        ...(pageParam === null ? {} : { before: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.length < pageVersions ? null : page.at(-1)?.version),
  });
  const { data, error, hasNextPage } = pages;
  const newest = useMemo(() => data?.pages.flat(), [data]);
  const oldest = newest?.at(-1)?.version ?? 1;
  const named = [
    ...aliases.map(({ version }) => version),
    ...['version', 'from', 'to'].map((word) => Number(address.get(word) ?? 0)),
  ].filter((version) => Number.isInteger(version) && version > 0 && version < oldest);
  const older = useVersionsByNumber(name, hasNextPage ? named : []);
  if (newest === undefined) return { versions: undefined, error };
  const found = [...older.values()].filter((version) => version !== null);
  return {
    versions: {
      newest,
      known: [...newest, ...found.toSorted((one, other) => other.version - one.version)],
      readMore: readMoreOf(pages),
    },
    error,
  };
}

/** What reads the next page; null when there is none, or it could not be read: then not again until something changes. */
export function readMoreOf({
  hasNextPage,
  isFetchingNextPage,
  isFetchNextPageError,
  fetchNextPage,
}: Pick<
  UseInfiniteQueryResult,
  'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage'
>): (() => void) | null {
  return hasNextPage && !isFetchNextPageError ? () => void (isFetchingNextPage || fetchNextPage()) : null;
}

/** Versions of a model by their numbers, null for one that is not there; what was not read yet is left out. */
export function useVersionsByNumber(
  name: string,
  numbers: readonly number[],
): ReadonlyMap<number, ModelVersion | null> {
  const wanted = [...new Set(numbers)];
  return useQueries({
    queries: wanted.map((version) => ({
      queryKey: [...modelsKey, 'version', name, version],
      queryFn: () => engine.registry.version({ reference: `${name}/${version}` }),
    })),
    combine: (answers) =>
      new Map(
        answers.flatMap(({ data, error }, at): [number, ModelVersion | null][] => {
          const version = wanted[at] ?? 0;
          if (error !== null && errorShapeOf(error).code === 'not-found') return [[version, null]];
          return data === undefined ? [] : [[version, data]];
        }),
      ),
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
