import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';

/** What the second run does not share with the first, tables by their files alone; asked anew when the state of either changes. */
export function useComparison(a: string, b: string, state: string) {
  return useCompared(a, b, state, false);
}

/** As `useComparison`, and down to the rows of tables as soon as these are known. */
export function useComparisonWithRows(a: string, b: string, state: string) {
  const files = useCompared(a, b, state, false);
  const rows = useCompared(a, b, state, true);
  return rows.data === undefined && rows.error === null ? files : rows;
}

function useCompared(a: string, b: string, state: string, withRows: boolean) {
  return useQuery({
    queryKey: ['comparison', a, b, state, withRows],
    queryFn: ({ signal }) => engine.comparison.runs({ a, b, withRows }, { signal }),
  });
}
