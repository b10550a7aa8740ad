import { resolve } from 'node:path';
import { versionOf } from './data-diff-command.ts';
import { bytesText } from './data-snapshot-command.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { lastEvent } from '../last-event.ts';

export interface DataCheckoutOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop data checkout`: a version as files, in a folder of its own. */
export async function dataCheckoutCommand(
  text: string,
  destination: string,
  options: DataCheckoutOptions,
): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const version = await versionOf(engine.api, text);
    const { kind: _kind, ...written } = await lastEvent(
      (call) => engine.api.data.checkout({ version, destination: resolve(destination) }, call),
      ({ files, ofFiles }) =>
        `${files.toLocaleString('en-US')} of ${(ofFiles ?? 0).toLocaleString('en-US')} files written`,
    );
    if (options.json) console.log(jsonText({ version, ...written }));
    else
      console.log(
        `${written.path}  ${written.fileCount.toLocaleString('en-US')} files, ${bytesText(written.sizeBytes)}`,
      );
  });
}
