import type { DataKnownBy, DataVersion } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';

/** `3 files, 1.2 MB`. */
export function contentText({
  fileCount,
  linkCount,
  sizeBytes,
}: Pick<DataVersion, 'fileCount' | 'linkCount' | 'sizeBytes'>): string {
  const counted = (count: number, word: string) => `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;
  return [
    counted(fileCount, 'file'),
    ...(linkCount === 0 ? [] : [counted(linkCount, 'link')]),
    formatBytes(sizeBytes),
  ].join(', ');
}

export const shortVersion = (version: string): string => version.slice(0, 12);

/** A path as seen from the project, when it lies in it. */
export function shownPath(path: string, projectPath: string | undefined): string {
  if (projectPath === undefined || projectPath === '') return path;
  return path.startsWith(`${projectPath}/`) ? path.slice(projectPath.length + 1) : path;
}

/** What was typed as an absolute path: one without a beginning is seen from the project. */
export function absolutePath(typed: string, projectPath: string): string {
  return /^(\/|[A-Za-z]:[\\/])/.test(typed) ? typed : `${projectPath}/${typed}`;
}

const knownByWords: Readonly<Record<DataKnownBy, string>> = {
  declared: 'declared',
  logged: 'logged through MLflow',
  named: 'named in the command or its script',
  observed: 'seen open',
};
export const knownByText = (knownBy: readonly DataKnownBy[]): string =>
  knownBy.map((by) => knownByWords[by]).join(', ');
