import type { RunStatus, TraceState } from '../../../contract/index.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

const marks: Readonly<Record<Exclude<TraceState, 'STATE_UNSPECIFIED'>, RunStatus>> = {
  OK: 'finished',
  ERROR: 'failed',
  IN_PROGRESS: 'running',
};

/** A trace's state in the shapes that runs have; some clients tell none. */
export function TraceStateMark({ state, isIconOnly = false }: { state: TraceState; isIconOnly?: boolean }) {
  if (state === 'STATE_UNSPECIFIED') return isIconOnly ? null : <span>state not told</span>;
  return <StatusMark status={marks[state]} isIconOnly={isIconOnly} />;
}
