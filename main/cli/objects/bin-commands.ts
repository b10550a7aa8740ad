import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';

export interface BinOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop delete`: puts runs into the bin. Nothing is erased. */
export function deleteCommand(prefixes: readonly string[], options: BinOptions): Promise<void> {
  return move(prefixes, 'deleted', options);
}

/** `benchtop undelete`: takes runs back out of the bin. */
export function undeleteCommand(prefixes: readonly string[], options: BinOptions): Promise<void> {
  return move(prefixes, 'restored', options);
}

async function move(
  prefixes: readonly string[],
  how: 'deleted' | 'restored',
  options: BinOptions,
): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const runs = [];
    for (const prefix of prefixes) runs.push(await runByPrefix(engine.api, prefix, how === 'restored'));
    const runIds = runs.map(({ id }) => id);
    if (how === 'deleted') await engine.api.tracking.deleteRuns({ runIds });
    else await engine.api.tracking.restoreRuns({ runIds });
    if (options.json) console.log(jsonText({ [how]: runIds }));
    else for (const run of runs) console.log(`${run.id.slice(0, 8)}  ${how}  ${run.name}`);
  });
}
