import { assertNever, reasonText, type StageReason, type StageWarning } from '../../../contract/index.ts';

/** The first reason and how many more there are: what fits on a node. */
export function reasonSummary(reasons: readonly StageReason[]): string {
  const [first, ...others] = reasons;
  if (first === undefined) return '';
  return others.length === 0 ? reasonText(first) : `${reasonText(first)}, ${others.length} more`;
}

/** What is worth knowing of a stage, and what to do about it. */
export function warningText(warning: StageWarning): string {
  switch (warning.kind) {
    case 'no-deps':
      return 'It declares nothing that it reads: it runs again only when its command or its outputs change. List what it reads under deps.';
    case 'undeclared-input':
      return `It reads ${warning.path}, which is not among its deps: a change there goes unnoticed. Add it to deps.`;
    case 'by-dvc-lock':
      return 'Judged by dvc.lock: no run of it is recorded here.';
    default:
      return assertNever(warning);
  }
}
