import { useEffect, useRef, useState } from 'react';
import type { VerifyEvent } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';

export interface Verifying {
  /** Null before the first. */
  readonly event: VerifyEvent | null;
  readonly isRunning: boolean;
  readonly error: unknown;
  start(options: { repair: boolean }): void;
  cancel(): void;
}

/** One check of all that is stored at a time; leaving the page ends it. */
export function useVerify(): Verifying {
  const [event, setEvent] = useState<VerifyEvent | null>(null);
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function run(repair: boolean): Promise<void> {
    const own = new AbortController();
    abort.current = own;
    setRunning(true);
    setError(null);
    setEvent(null);
    try {
      for await (const next of engine.objects.verify({ repair }, { signal: own.signal })) setEvent(next);
    } catch (failure) {
      if (!own.signal.aborted) setError(failure);
      setEvent(null);
    } finally {
      setRunning(false);
      await queryClient.invalidateQueries({ queryKey: ['storage'] });
    }
  }
  return {
    event,
    isRunning,
    error,
    start: ({ repair }) => void run(repair),
    cancel: () => abort.current?.abort(),
  };
}
