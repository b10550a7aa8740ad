import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution, ExecutionSummary, StageExecution, StreamItem } from '../../../contract/index.ts';
import type { ExecutionRecord, StageRow } from './execution-rows.ts';

/** A page that is redrawn more often helps nobody. */
const pauseMs = 50;

export interface ExecutionChange {
  execution: ExecutionSummary;
  stages: StageExecution[];
}

/** News of an execution that goes on, for those who follow it. */
export interface ExecutionNews {
  /** Rows that were written; none where only the execution's own was. */
  tell(rows: readonly StageRow[]): void;
  /** Nothing more comes. */
  end(): void;
  /** All stages as they stand, then those that change, gathered for a moment. Ends with the execution. */
  follow(signal: AbortSignal): AsyncGenerator<StreamItem<ExecutionChange>>;
}

/** `current`: both as they can be read. */
export function createExecutionNews(current: {
  record(): ExecutionRecord;
  rows(): StageRow[];
}): ExecutionNews {
  const listeners = new Set<(rows: readonly StageRow[]) => void>();
  let hasEnded = false;

  return {
    tell(rows) {
      for (const listener of listeners) listener(rows);
    },
    end() {
      hasEnded = true;
      for (const listener of listeners) listener([]);
    },
    async *follow(signal) {
      const stages = new Map(current.rows().map((row) => [row.name, shownStage(row)]));
      const changed = new Map<string, StageExecution>();
      let wake = Promise.withResolvers<void>();
      const listen = (written: readonly StageRow[]): void => {
        for (const row of written) changed.set(row.name, shownStage(row));
        wake.resolve();
      };
      const leave = () => wake.resolve();
      listeners.add(listen);
      signal.addEventListener('abort', leave);
      try {
        yield {
          cursor: '0',
          event: { execution: summaryOf(current.record(), stages.values()), stages: [...stages.values()] },
        };
        for (let number = 1; ; number++) {
          if (hasEnded && changed.size === 0) return;
          if (changed.size === 0) await wake.promise;
          if (signal.aborted) return;
          wake = Promise.withResolvers();
          const taken = [...changed];
          changed.clear();
          for (const [name, stage] of taken) stages.set(name, stage);
          const execution = summaryOf(current.record(), stages.values());
          yield { cursor: String(number), event: { execution, stages: taken.map(([, stage]) => stage) } };
          if (!hasEnded) await sleep(pauseMs);
        }
      } finally {
        listeners.delete(listen);
        signal.removeEventListener('abort', leave);
      }
    },
  };
}

export const shownStage = ({ key: _key, memoryBytes: _memoryBytes, ...stage }: StageRow): StageExecution =>
  stage;

export function shownExecution(
  { settings: _settings, ...record }: ExecutionRecord,
  rows: readonly StageRow[],
): Execution {
  return { ...record, stages: rows.map(shownStage) };
}

export function summaryOf(
  { settings: _settings, ...record }: ExecutionRecord,
  stages: Iterable<StageExecution>,
): ExecutionSummary {
  const counts: ExecutionSummary['counts'] = {};
  for (const { state } of stages) counts[state] = (counts[state] ?? 0) + 1;
  return { ...record, counts };
}
