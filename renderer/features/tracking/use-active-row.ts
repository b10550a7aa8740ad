import { useCallback, useState } from 'react';
import type { Run } from '../../../contract/index.ts';
import type { useRuns } from './use-runs.ts';

/** The row that keys act on. It follows its run when rows come in above it; without a run of its own it is the first row. */
export function useActiveRow({ rowOf, runAt, matched }: ReturnType<typeof useRuns>) {
  const [pointed, setPointed] = useState<{ runId: string | null; row: number }>({ runId: null, row: 0 });
  const found = rowOf(pointed.runId);
  const row = Math.min(found >= 0 ? found : pointed.row, Math.max(0, matched - 1));
  const moveTo = (next: number) => {
    const at = Math.min(matched - 1, Math.max(0, next));
    setPointed({ runId: runAt(at)?.id ?? null, row: at });
  };
  const activate = useCallback((run: Run) => setPointed({ runId: run.id, row: 0 }), []);
  return { row, run: runAt(row), moveTo, activate };
}
