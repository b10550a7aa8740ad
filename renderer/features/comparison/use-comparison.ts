import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';

/** What the second run does not share with the first; asked anew when the state of either changes. */
export function useComparison(a: string, b: string, state: string) {
  return useQuery({
    queryKey: ['comparison', a, b, state],
    queryFn: () => engine.comparison.runs({ a, b }),
  });
}
