import { assertNever, type Execution, type StageExecution } from '../../../../contract/index.ts';

/** One stage of an execution over time. Times are milliseconds UTC. */
export interface GanttRow {
  readonly stage: StageExecution;
  /** Since when it could have run: its upstream stages were done. Null where it did not have to run. */
  readonly readyAt: number | null;
  /** Until when it waited: it began, or waits still. */
  readonly waitedTo: number | null;
  /** When it ended, or now; null where it has not begun. */
  readonly ranTo: number | null;
  /** Whether how long all of it took hung on this stage. */
  readonly isCritical: boolean;
}

export interface Gantt {
  readonly fromAt: number;
  readonly toAt: number;
  readonly rows: readonly GanttRow[];
  /** The stages on which the duration hung, in the order in which they ran. */
  readonly criticalPath: readonly string[];
}

/**
 * An execution over time: what ran in the order of its start, then what waits, then what did not have to run.
 * @param upstreamOf the stages that a stage reads from, as the pipeline is defined now
 */
export function ganttRows(
  execution: Execution,
  upstreamOf: (stage: string) => readonly string[],
  now: number,
): Gantt {
  const byName = new Map(execution.stages.map((stage) => [stage.name, stage]));
  // News may be younger than the moment that the page counts as now.
  const latest = execution.stages.reduce(
    (most, stage) => Math.max(most, stage.endedAt ?? 0, stage.startedAt ?? 0),
    execution.startedAt + 1,
  );
  const toAt = Math.max(execution.endedAt ?? now, latest);
  const endOf = (stage: StageExecution) => stage.endedAt ?? (stage.startedAt === null ? null : toAt);
  const readyAt = (stage: StageExecution): number =>
    upstreamOf(stage.name).reduce((latest, name) => {
      const upstream = byName.get(name);
      if (upstream === undefined) return latest;
      // Who waits for a stage that is not done is not ready yet.
      if (upstream.state === 'waiting') return Infinity;
      return Math.max(latest, endOf(upstream) ?? latest);
    }, execution.startedAt);
  const critical = criticalPath(execution.stages, upstreamOf, endOf, readyAt);
  const isCritical = new Set(critical);
  const rows = execution.stages.map((stage): GanttRow => {
    const { startedAt } = stage;
    const mayWait = startedAt !== null || (stage.state === 'waiting' && execution.status === 'running');
    const ready = mayWait ? readyAt(stage) : null;
    const isReady = ready !== null && ready <= toAt;
    return {
      stage,
      readyAt: isReady ? Math.min(ready, startedAt ?? ready) : null,
      waitedTo: isReady ? (startedAt ?? toAt) : null,
      ranTo: startedAt === null ? null : endOf(stage),
      isCritical: isCritical.has(stage.name),
    };
  });
  const rank = ({ stage }: GanttRow) => (stage.startedAt !== null ? 0 : stage.state === 'waiting' ? 1 : 2);
  return {
    fromAt: execution.startedAt,
    toAt,
    rows: rows.toSorted(
      (one, other) => rank(one) - rank(other) || (one.stage.startedAt ?? 0) - (other.stage.startedAt ?? 0),
    ),
    criticalPath: critical,
  };
}

/** A wait shorter than this is the way from one process to the next, not a wait for a slot. */
const handOverMs = 50;

/**
 * From the stage that ended last back to the first: before each stands whoever it had to wait for, the last of its upstream stages,
 * or where it was ready earlier the one that gave its slot free.
 */
function criticalPath(
  stages: readonly StageExecution[],
  upstreamOf: (stage: string) => readonly string[],
  endOf: (stage: StageExecution) => number | null,
  readyAt: (stage: StageExecution) => number,
): string[] {
  const ran = stages
    .filter(({ startedAt }) => startedAt !== null)
    .toSorted((one, other) => (endOf(one) ?? 0) - (endOf(other) ?? 0));
  const path: string[] = [];
  for (let stage = ran.at(-1); stage !== undefined && !path.includes(stage.name);) {
    path.unshift(stage.name);
    const current = stage;
    const began = current.startedAt ?? 0;
    const waited = began - readyAt(current);
    const isUpstream = new Set(upstreamOf(current.name));
    const upstream = ran.findLast(({ name }) => isUpstream.has(name));
    const giver = ran.findLast((other) => other !== current && (endOf(other) ?? Infinity) <= began);
    stage = waited > handOverMs && giver !== undefined ? giver : upstream;
  }
  return path;
}

/** How a stage went, in words. */
export function ganttWords(
  { stage, readyAt, waitedTo, ranTo }: GanttRow,
  duration: (ms: number) => string,
): string {
  const waitedMs = readyAt === null || waitedTo === null ? 0 : waitedTo - readyAt;
  const parts = [
    waitedMs >= 100 ? `waited ${duration(waitedMs)}` : null,
    ranTo === null || stage.startedAt === null
      ? null
      : `${verbOf(stage)} ${duration(ranTo - stage.startedAt)}`,
    stage.tries > 1 ? `${stage.tries} tries` : null,
    stage.note,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function verbOf({ state }: StageExecution): string {
  switch (state) {
    case 'running':
      return 'runs for';
    case 'restored':
      return 'brought back in';
    case 'waiting':
    case 'finished':
    case 'failed':
    case 'killed':
    case 'skipped':
    case 'up-to-date':
    case 'frozen':
      return 'ran';
    default:
      return assertNever(state);
  }
}
