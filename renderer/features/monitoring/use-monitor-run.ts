import { useEffect, useRef, useState } from 'react';
import type { MonitorEvent } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { monitorsKey } from './use-monitors.ts';

export interface MonitorRunning {
  readonly isRunning: boolean;
  readonly progress: Extract<MonitorEvent, { kind: 'progress' }> | null;
  readonly done: Extract<MonitorEvent, { kind: 'done' }> | null;
  readonly error: unknown;
  start(): void;
  cancel(): void;
}

/** Runs a monitor; leaving the page ends it, and what was judged stays. */
export function useMonitorRun(monitorId: string): MonitorRunning {
  const [isRunning, setRunning] = useState(false);
  const [progress, setProgress] = useState<MonitorRunning['progress']>(null);
  const [done, setDone] = useState<MonitorRunning['done']>(null);
  const [error, setError] = useState<unknown>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function run(): Promise<void> {
    const own = new AbortController();
    abort.current = own;
    setRunning(true);
    setProgress(null);
    setDone(null);
    setError(null);
    try {
      for await (const event of engine.monitoring.run({ monitorId }, { signal: own.signal }))
        if (event.kind === 'done') setDone(event);
        else setProgress(event);
    } catch (failure) {
      if (!own.signal.aborted) setError(failure);
    } finally {
      setRunning(false);
      await queryClient.invalidateQueries({ queryKey: monitorsKey });
    }
  }
  return {
    isRunning,
    progress,
    done,
    error,
    start: () => void run(),
    cancel: () => abort.current?.abort(),
  };
}
