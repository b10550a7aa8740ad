import type { StageReason } from '../../../contract/index.ts';

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
