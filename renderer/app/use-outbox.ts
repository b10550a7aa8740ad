import { useEffect, useState } from 'react';
import type { OutboxProgress } from '../../contract/index.ts';
import { engine } from './engine.ts';
import { queryClient } from './query-client.ts';
import { reportDefect } from './report-defect.ts';

/** How the outbox stands; null before it is known. The engine says it when it changes, and nothing while it does not. */
export function useOutbox(): OutboxProgress | null {
  const [progress, setProgress] = useState<OutboxProgress | null>(null);
  useEffect(() => {
    const leave = new AbortController();
    const follow = async () => {
      for await (const next of engine.sync.progress({}, { signal: leave.signal })) {
        setProgress(next);
        void queryClient.invalidateQueries({ queryKey: ['outbox'] });
      }
    };
    follow().catch((error: unknown) => {
      if (!leave.signal.aborted) reportDefect('The stream of the outbox ended', error);
    });
    return () => leave.abort();
  }, []);
  return progress;
}
