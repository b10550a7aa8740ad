import { QueryClient } from '@tanstack/react-query';
import { BenchtopError } from '../../contract/index.ts';

const isDisconnected = (error: unknown) => error instanceof BenchtopError && error.code === 'disconnected';

/**
 * What was read from the engine. Nothing is asked twice on a timer: `follow-changes` says what became stale. A question cut
 * off by a broken link is asked again when the link stands; every other failure is shown as it is.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => isDisconnected(error) && failures < 20,
      retryDelay: 100,
    },
    mutations: { networkMode: 'always' },
  },
});
