import { useEffect, useRef, useState } from 'react';
import { errorShapeOf, type SnapshotEvent } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';

export type Recording =
  | { readonly kind: 'idle' }
  | { readonly kind: 'going'; readonly path: string; readonly progress: SnapshotEvent | null }
  | { readonly kind: 'done'; readonly path: string; readonly event: Extract<SnapshotEvent, { kind: 'done' }> }
  | { readonly kind: 'failed'; readonly path: string; readonly error: unknown };

/** Recording what a file or folder holds now: one at a time, with its progress; leaving the page cancels it. */
export function useRecording() {
  const [recording, setRecording] = useState<Recording>({ kind: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  async function record(path: string): Promise<void> {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    const show = (next: Recording) => {
      if (running.current === own) setRecording(next);
    };
    show({ kind: 'going', path, progress: null });
    try {
      for await (const event of engine.data.snapshot({ path }, { signal: own.signal })) {
        if (event.kind !== 'done') show({ kind: 'going', path, progress: event });
        else {
          await queryClient.invalidateQueries({ queryKey: ['data'] });
          show({ kind: 'done', path, event });
        }
      }
    } catch (error) {
      if (own.signal.aborted || errorShapeOf(error).code === 'cancelled') show({ kind: 'idle' });
      else show({ kind: 'failed', path, error });
    }
  }

  return {
    recording,
    record,
    cancel() {
      running.current?.abort();
      setRecording({ kind: 'idle' });
    },
  };
}
