import { assertNever, type StageReason, type StageWarning } from '../../../contract/index.ts';

/** Lines below that of a reason: the commands in full, the files of a folder. */
export function stageReasonDetails(reason: StageReason): string[] {
  if (reason.kind === 'command')
    return [
      ...reason.before.split('\n').map((line) => `- ${line}`),
      ...reason.after.split('\n').map((line) => `+ ${line}`),
    ];
  if (reason.kind === 'param') return [`${reason.name} of ${reason.file}`];
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
