import { resolve } from 'node:path';
import type { DataMoment } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { lastEvent } from '../last-event.ts';

export interface DataSnapshotOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop data snapshot`: what a file or folder holds now becomes a version of it. */
export async function dataSnapshotCommand(path: string, options: DataSnapshotOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { data } = engine.api;
    const { kind: _kind, ...taken } = await lastEvent(
      (call) => data.snapshot({ path: resolve(path) }, call),
      ({ files, ofFiles, bytes }) =>
        ofFiles === null
          ? 'looking through the folder'
          : `${files.toLocaleString('en-US')} of ${ofFiles.toLocaleString('en-US')} files, ${bytesText(bytes)}`,
    );
    if (options.json) return console.log(jsonText(taken));
    const { moment, isNew } = taken;
    console.log(`${moment.version}  ${contentText(moment)}${isNew ? '' : ', as before'}`);
    for (const problem of moment.problems)
      console.error(`benchtop: left out ${problem.path}: ${problem.what}`);
    if (moment.problemCount > moment.problems.length)
      console.error(`benchtop: and ${moment.problemCount - moment.problems.length} more were left out`);
  });
}

export const counted = (count: number, word: string): string =>
  `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;

export const bytesText = (count: number): string => `${count.toLocaleString('en-US')} bytes`;

/** `3 files, 120 bytes`. */
export function contentText({
  fileCount,
  linkCount,
  sizeBytes,
}: Pick<DataMoment, 'fileCount' | 'linkCount' | 'sizeBytes'>): string {
  return [
    counted(fileCount, 'file'),
    ...(linkCount === 0 ? [] : [counted(linkCount, 'link')]),
    bytesText(sizeBytes),
  ].join(', ');
}
