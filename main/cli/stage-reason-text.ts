import { assertNever, type StageReason, type StageWarning } from '../../contract/index.ts';

/** Why a stage is not up to date, on one line, with both sides of the difference where they are short. */
export function stageReasonText(reason: StageReason): string {
  switch (reason.kind) {
    case 'never-run':
      return 'it has not run yet';
    case 'always-changed':
      return 'it runs each time';
    case 'forced':
      return 'it was asked for';
    case 'unsettled':
      return 'what it reads changed while its last run went on';
    case 'command':
      return `its command is another: ${shortened(reason.before)} → ${shortened(reason.after)}`;
    case 'dep':
      return depText(reason);
    case 'param':
      return `${reason.name} of ${reason.file}: ${sides(reason)}`;
    case 'environment':
      return `${reason.name}: ${sides(reason)}`;
    case 'output':
      return reason.change === 'new'
        ? `${reason.path} is a new output`
        : reason.change === 'no longer written'
          ? `${reason.path} is no output any more`
          : `its output ${reason.path} is ${reason.change}`;
    case 'upstream':
      return `${reason.stage} runs first`;
    default:
      return assertNever(reason);
  }
}

/** Lines below that of a reason: the commands in full, the files of a folder. */
export function stageReasonDetails(reason: StageReason): string[] {
  if (reason.kind === 'command')
    return [
      ...reason.before.split('\n').map((line) => `- ${line}`),
      ...reason.after.split('\n').map((line) => `+ ${line}`),
    ];
  if (reason.kind !== 'dep') return [];
  const more = reason.fileCount - reason.files.length;
  return [
    ...reason.files.map(({ path, change }) => `${change} ${path}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

export function stageWarningText(warning: StageWarning): string {
  switch (warning.kind) {
    case 'no-deps':
      return 'it declares nothing that it reads: it runs again only when its command or its outputs change';
    case 'undeclared-input':
      return `it reads ${warning.path}, which is not among its deps`;
    case 'by-dvc-lock':
      return 'judged by dvc.lock: no run of it is recorded here';
    default:
      return assertNever(warning);
  }
}

function depText({ path, change, fileCount }: Extract<StageReason, { kind: 'dep' }>): string {
  if (change === 'new') return `it reads ${path} now`;
  if (change === 'missing') return `${path} is missing`;
  if (change === 'no longer read') return `it does not read ${path} any more`;
  return fileCount === 0
    ? `${path} is modified`
    : `${path} is modified: ${fileCount} file${fileCount === 1 ? '' : 's'}`;
}

const sides = ({ before, after }: { before: string | null; after: string | null }) =>
  `${before === null ? 'none' : shortened(before)} → ${after === null ? 'none' : shortened(after)}`;

/** One line of it, so long that two sides fit on a screen. */
const shortened = (text: string) => {
  const line = text.replaceAll('\n', '; ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};
