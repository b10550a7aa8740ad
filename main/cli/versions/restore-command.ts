import { resolve } from 'node:path';
import { BenchtopError } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import { textColumns } from '../text-columns.ts';

export interface RestoreOptions {
  readonly home: string;
  readonly branch?: string;
  readonly json?: boolean;
}

/** `benchtop restore`: the code of a run in a new folder, or as a branch. What cannot be brought back is named on stderr. */
export async function restoreCommand(
  prefix: string,
  dest: string | undefined,
  options: RestoreOptions,
): Promise<void> {
  const { branch } = options;
  if (dest === undefined && branch === undefined)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'Where to is missing: a folder, a branch, or both.',
      next: 'Name a new folder, or a new branch with --branch.',
    });
  await withEngine(options.home, async (engine) => {
    const { id: runId } = await runByPrefix(engine.api, prefix);
    const restored =
      dest === undefined ? null : await engine.api.source.restore({ runId, folder: resolve(dest) });
    const made = branch === undefined ? null : await engine.api.source.createBranch({ runId, name: branch });
    if (options.json) return console.log(jsonText({ ...restored, ...made }));
    if (restored !== null) {
      console.log(`${restored.folder}  ${restored.fileCount.toLocaleString('en-US')} files`);
      if (restored.missing.length > 0)
        console.error(
          [
            'Not there as the run found it:',
            ...textColumns(restored.missing.map(({ path, why }) => [path, why])),
          ].join('\n  '),
        );
    }
    if (made !== null) console.log(`${made.branch}  ${made.commitId}`);
  });
}
