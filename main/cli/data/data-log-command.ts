import { resolve } from 'node:path';
import { contentText } from './data-snapshot-command.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface DataLogOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop data log`: what a file or folder held, from when to when, and the runs that read or wrote it then. */
export async function dataLogCommand(path: string, options: DataLogOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const log = await engine.api.data.log({ path: resolve(path) });
    if (options.json) return console.log(jsonText(log));
    const rows = log.moments.map(
      ({ version, firstSeenAt, lastSeenAt, files, problemCount, runs, ...content }) => [
        version.slice(0, 12),
        momentText(firstSeenAt),
        momentText(lastSeenAt),
        files === null ? '' : `+${files.added} -${files.removed} ~${files.changed}`,
        `${contentText(content)}${problemCount === 0 ? '' : `, ${problemCount} left out`}`,
        runs.map((run) => `${run.role === 'input' ? 'read' : 'written'} by ${run.name}`).join(', '),
      ],
    );
    for (const line of textColumns([
      ['version', 'first seen', 'last seen', 'files', 'holds', 'runs'],
      ...rows,
    ]))
      console.log(line);
  });
}

const momentText = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}`;
