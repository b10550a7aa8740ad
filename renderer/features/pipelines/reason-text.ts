import { assertNever, type StageReason, type StageWarning } from '../../../contract/index.ts';

/** Why a stage is not up to date, in a few words that name the input. */
export function reasonText(reason: StageReason): string {
  switch (reason.kind) {
    case 'never-run':
      return 'never run';
    case 'always-changed':
      return 'runs every time';
    case 'forced':
      return 'forced';
    case 'unsettled':
      return 'inputs changed while it ran';
    case 'command':
      return 'command changed';
    case 'dep':
      return depText(reason);
    case 'param':
    case 'environment':
      return `${lastPart(reason)} ${reason.before ?? 'none'} → ${reason.after ?? 'none'}`;
    case 'output':
      return reason.change === 'new' ? `${reason.path} is a new output` : `${reason.path} ${reason.change}`;
    case 'upstream':
      return `after ${reason.stage}`;
    default:
      return assertNever(reason);
  }
}

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

function depText({ path, change, fileCount, files }: Extract<StageReason, { kind: 'dep' }>): string {
  if (change !== 'modified')
    return `${path} ${change === 'new' ? 'is new' : change === 'missing' ? 'is missing' : change}`;
  const [only] = files;
  // Of a single file the one that differs is that file.
  if (fileCount === 0 || (fileCount === 1 && only?.path === path.slice(path.lastIndexOf('/') + 1)))
    return `${path} changed`;
  if (fileCount === 1 && only !== undefined) return `${path}/${only.path} ${only.change}`;
  return `${path}: ${fileCount} files changed`;
}

const lastPart = ({ kind, name }: Extract<StageReason, { kind: 'param' | 'environment' }>) =>
  kind === 'param' ? name.slice(name.lastIndexOf('.') + 1) : name;
