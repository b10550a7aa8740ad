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
  const followers = new Set<{ heard(rows: readonly StageRow[]): void; over(): void }>();
  let hasEnded = false;

  return {
    tell(rows) {
      for (const follower of followers) follower.heard(rows);
    },
    end() {
      hasEnded = true;
      for (const follower of followers) follower.over();
    },
    async *follow(signal) {
      const stages = new Map(current.rows().map((row) => [row.name, shownStage(row)]));
      const changed = new Map<string, StageExecution>();
      let hasNews = false;
      let news = Promise.withResolvers<void>();
      let pause = Promise.withResolvers<void>();
      /** Whoever waits for the end hears of it at once. */
      const over = () => {
        news.resolve();
        pause.resolve();
      };
      const follower = {
        heard(written: readonly StageRow[]) {
          for (const row of written) changed.set(row.name, shownStage(row));
          hasNews = true;
          news.resolve();
        },
        over,
      };
      followers.add(follower);
      signal.addEventListener('abort', over);
      try {
        yield {
          cursor: '0',
          event: { execution: summaryOf(current.record(), stages.values()), stages: [...stages.values()] },
        };
        for (let number = 1; ; number++) {
          if (!hasNews && !hasEnded) await news.promise;
          if (!hasNews || signal.aborted) return;
          hasNews = false;
          news = Promise.withResolvers();
          const taken = [...changed];
          changed.clear();
          for (const [name, stage] of taken) stages.set(name, stage);
          const execution = summaryOf(current.record(), stages.values());
          yield { cursor: String(number), event: { execution, stages: taken.map(([, stage]) => stage) } };
          if (hasEnded) continue;
          pause = Promise.withResolvers();
          const timer = setTimeout(pause.resolve, pauseMs);
          await pause.promise;
          clearTimeout(timer);
        }
      } finally {
        followers.delete(follower);
        signal.removeEventListener('abort', over);
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
