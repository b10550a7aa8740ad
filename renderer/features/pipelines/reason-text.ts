import { assertNever, type StageReason } from '../../../contract/index.ts';

/** Why a stage is not up to date, in a few words that name the input. */
export function reasonText(reason: StageReason): string {
  switch (reason.kind) {
    case 'never-run':
      return 'never run';
    case 'always-changed':
      return 'runs every time';
    case 'forced':
      return 'forced';
    case 'command':
      return 'command changed';
    case 'dep':
      return depText(reason);
    case 'param':
    case 'environment':
      return `${lastPart(reason)} ${reason.before ?? 'none'} → ${reason.after ?? 'none'}`;
    case 'output':
      return `${reason.path} ${reason.change === 'new' ? 'not written yet' : reason.change}`;
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

function depText({ path, change, fileCount, files }: Extract<StageReason, { kind: 'dep' }>): string {
  if (change !== 'modified')
    return `${path} ${change === 'new' ? 'is new' : change === 'missing' ? 'is missing' : change}`;
  if (fileCount === 0) return `${path} changed`;
  const [only] = files;
  if (fileCount === 1 && only !== undefined) return `${path}/${only.path} ${only.change}`;
  return `${path}: ${fileCount} files changed`;
}

const lastPart = ({ kind, name }: Extract<StageReason, { kind: 'param' | 'environment' }>) =>
  kind === 'param' ? name.slice(name.lastIndexOf('.') + 1) : name;
