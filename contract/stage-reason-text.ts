import { assertNever } from './assert-never.ts';
import type { StageReason, StageWarning } from './pipelines.ts';

/** Why a stage is not up to date, in a few words that name the input. */
export function reasonText(reason: StageReason): string {
  switch (reason.kind) {
    case 'never-run':
      return 'no result yet';
    case 'always-changed':
      return 'runs every time';
    case 'forced':
      return 'forced';
    case 'unsettled':
      return 'inputs changed while it ran';
    case 'command':
      return `command changed: ${commandText(reason)}`;
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

/** Why a stage has run, or was to: by then "no result yet" is no longer true of it. */
export const pastReasonText = (reason: StageReason): string =>
  reason.kind === 'never-run' ? 'first run' : reasonText(reason);

/** What is worth knowing of a stage, whatever its state is. Goes on after "train: ". */
export function warningText(warning: StageWarning): string {
  switch (warning.kind) {
    case 'no-deps':
      return 'declares nothing that it reads: it runs again only when its command or its outputs change';
    case 'undeclared-input':
      return `reads ${warning.path}, which is not among its deps: a change there goes unnoticed`;
    case 'by-dvc-lock':
      return 'is judged by dvc.lock: no run of it is recorded here';
    case 'external-input':
      return `reads ${warning.address}, which cannot be checked offline: a change there goes unnoticed`;
    case 'source-differs':
      return `reads ${warning.path}, which is not what ${warning.file} says`;
    default:
      return assertNever(warning);
  }
}

/** What to do about a warning; null for what needs nothing. */
export function warningRemedy(warning: StageWarning): string | null {
  switch (warning.kind) {
    case 'no-deps':
      return 'List what it reads under deps.';
    case 'undeclared-input':
      return 'Add it to deps. Only files that stay open for a twentieth of a second are seen: it may read others.';
    case 'by-dvc-lock':
      return null;
    case 'external-input':
      return 'Run it with --force when that has changed, or set always_changed.';
    case 'source-differs':
      return `\`dvc commit ${warning.file}\` takes the data as it is, \`dvc checkout ${warning.file}\` brings back what was there.`;
    default:
      return assertNever(warning);
  }
}

function depText({ path, change, fileCount, files }: Extract<StageReason, { kind: 'dep' }>): string {
  if (change !== 'modified')
    return `${path} ${change === 'new' ? 'is new' : change === 'missing' ? 'is missing' : change}`;
  const [only] = files;
  if (fileCount === 0) return `${path} changed`;
  if (fileCount === 1 && only !== undefined) return `${path}/${only.path} ${only.change}`;
  return `${path}: ${fileCount} files changed`;
}

const lastPart = ({ kind, name }: Extract<StageReason, { kind: 'param' | 'environment' }>) =>
  kind === 'param' ? name.slice(name.lastIndexOf('.') + 1) : name;

/** The words that differ, with the option that they belong to. */
function commandText({ before, after }: { before: string; after: string }): string {
  const [old, now] = [words(before), words(after)];
  let same = 0;
  while (same < Math.min(old.length, now.length) && old[same] === now[same]) same++;
  let left = 0;
  while (left < Math.min(old.length, now.length) - same && old.at(-1 - left) === now.at(-1 - left)) left++;
  const from = old[same - 1]?.startsWith('-') === true ? same - 1 : same;
  const [was, is] = [old, now].map((all) => shortened(all.slice(from, all.length - left).join(' ')));
  return `${was ?? ''} → ${is ?? ''}`;
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** So long that two sides fit on a line. */
const shortened = (text: string): string =>
  text === '' ? 'none' : text.length > 60 ? `${text.slice(0, 59)}…` : text;
