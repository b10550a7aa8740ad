import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface ModelListOptions {
  readonly home: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `benchtop model list`: a line each, the one changed last first. */
export async function modelListCommand(text: string, options: ModelListOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { models, total } = await engine.api.registry.models({ text, limit: options.limit });
    if (options.json) return console.log(jsonText(models));
    if (models.length === 0) return console.log('No registered models.');
    const rows = models.map(({ name, versionCount, latest, aliases }) => [
      name,
      String(versionCount),
      latest === null
        ? ''
        : `${latest.version}, ${new Date(latest.createdAt).toISOString().slice(0, 16).replace('T', ' ')}`,
      aliases.map(({ alias, version }) => `${alias} ${version}`).join(', '),
    ]);
    for (const line of textColumns([['model', 'versions', 'newest', 'aliases'], ...rows])) console.log(line);
    if (models.length < total) console.log(`The first ${models.length} of ${total}; --limit shows more.`);
  });
}
