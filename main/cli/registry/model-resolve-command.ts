import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface ModelResolveOptions {
  readonly home: string;
  readonly uri?: boolean;
  readonly json?: boolean;
}

/** `benchtop model resolve`: where the files of a version are, ready to be read. */
export async function modelResolveCommand(reference: string, options: ModelResolveOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const version = await engine.api.registry.version({ reference });
    const { name, runId, source, storageUri } = version;
    const placed = options.uri ? null : await engine.api.registry.resolve(version);
    const found = {
      name,
      version: version.version,
      runId,
      source,
      uri: storageUri,
      ...placed,
    };
    if (options.json) return console.log(jsonText(found));
    for (const line of textColumns([
      ['version', `${name}/${version.version}`],
      ['run', runId ?? 'none'],
      placed === null ? ['uri', storageUri] : ['path', placed.path],
    ]))
      console.log(line);
  });
}
