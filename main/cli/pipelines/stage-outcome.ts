import { assertNever, pastReasonText, reasonText, type StageExecution } from '../../../contract/index.ts';

/** What became of a stage, in one of four words; null while it has not ended. */
export function stageOutcome({
  state,
}: Pick<StageExecution, 'state'>): 'ran' | 'cached' | 'skipped' | 'failed' | null {
  switch (state) {
    case 'waiting':
    case 'running':
      return null;
    case 'finished':
      return 'ran';
    case 'restored':
      return 'cached';
    case 'up-to-date':
    case 'frozen':
    case 'skipped':
      return 'skipped';
    case 'failed':
    case 'killed':
      return 'failed';
    default:
      return assertNever(state);
  }
}

/** Why that became of it, on one line. */
export function outcomeReason({
  state,
  note,
  reasons,
}: Pick<StageExecution, 'state' | 'note' | 'reasons'>): string {
  const why = reasons.map(state === 'frozen' ? reasonText : pastReasonText).join('; ');
  switch (state) {
    case 'up-to-date':
      return 'nothing that it depends on has changed';
    case 'restored':
      return 'an earlier run did the same work, and its outputs were brought back';
    case 'frozen':
      return why === '' ? 'frozen' : `frozen, although ${why}`;
    case 'failed':
    case 'killed':
    case 'skipped':
      return note ?? state;
    case 'finished':
      return note === null ? why : `${why}; ${note}`;
    case 'waiting':
    case 'running':
      return why;
    default:
      return assertNever(state);
  }
}
