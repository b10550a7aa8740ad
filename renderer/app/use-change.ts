import { useMutation, type QueryKey } from '@tanstack/react-query';
import { queryClient } from './query-client.ts';
import { showProblem } from './show-problem.ts';

/** A change that the engine makes: what was read below `queryKey` is read anew after it, and a refusal is told beside the page. */
export function useChange<Input, Answer>(queryKey: QueryKey, change: (input: Input) => Promise<Answer>) {
  return useMutation({
    mutationFn: change,
    onSettled: () => queryClient.invalidateQueries({ queryKey }),
    onError: showProblem,
  });
}
