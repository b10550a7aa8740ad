import { useQuery } from '@tanstack/react-query';
import { engine } from './engine.ts';

/** Below it lies what is read of gates; it lies below what is read of the registry, and is read anew with it. */
export const approvalsKey = ['models', 'gates'];

/** The versions that wait for somebody to decide, the latest first. On one laptop that is whoever sits at it. */
export function useWaitingRequests() {
  return useQuery({
    queryKey: [...approvalsKey, 'waiting'],
    queryFn: () => engine.gates.requests({}),
  });
}
