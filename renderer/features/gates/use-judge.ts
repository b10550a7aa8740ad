import { useEffect, useRef, useState } from 'react';
import type { CheckResult, GateEnvironment, JudgeEvent } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { approvalsKey } from '../../app/use-waiting-requests.ts';

export interface Judging {
  readonly isRunning: boolean;
  /** What goes on now; null before it is told. */
  readonly progress: Extract<JudgeEvent, { kind: 'progress' }> | null;
  /** What is known so far. */
  readonly results: readonly CheckResult[];
  readonly error: unknown;
  start(): void;
  cancel(): void;
}

/** Judges a version, check by check; leaving the page ends it. */
export function useJudge(model: string, version: number, environment: GateEnvironment): Judging {
  const [isRunning, setRunning] = useState(false);
  const [progress, setProgress] = useState<Judging['progress']>(null);
  const [results, setResults] = useState<readonly CheckResult[]>([]);
  const [error, setError] = useState<unknown>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function run(): Promise<void> {
    const own = new AbortController();
    abort.current = own;
    setRunning(true);
    setProgress(null);
    setResults([]);
    setError(null);
    try {
      const events = engine.gates.judge({ model, version, environment }, { signal: own.signal });
      for await (const event of events) {
        if (event.kind === 'progress') setProgress(event);
        else if (event.kind === 'check') setResults((before) => [...before, event.result]);
      }
      await queryClient.invalidateQueries({ queryKey: approvalsKey });
    } catch (failure) {
      if (!own.signal.aborted) setError(failure);
    } finally {
      setRunning(false);
    }
  }
  return {
    isRunning,
    progress,
    results,
    error,
    start: () => void run(),
    cancel: () => abort.current?.abort(),
  };
}
