import { useQuery } from '@tanstack/react-query';
import type { SourceSide } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';

/** What stands for a file that is not on a side. */
const none = { text: '', sizeBytes: 0, isWhole: true };

/** The text of one file of a snapshot or of its commit; a path of null is a file that is not there. */
export function useSourceFile(side: SourceSide, path: string | null) {
  return useQuery({
    queryKey: ['source-file', side, path],
    queryFn: async () => (path === null ? none : ((await engine.source.file({ ...side, path })) ?? none)),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
