import type { RegisteredModel } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { withEngine } from '../with-engine.ts';
import { modelOrVersion } from './model-or-version.ts';

export interface ModelTagOptions {
  readonly home: string;
  readonly remove: readonly string[];
  readonly reason: string;
  readonly json?: boolean;
}

/** `benchtop model tag`: sets and removes tags of a model or a version, and prints those that it has then. */
export async function modelTagCommand(
  reference: string,
  setTags: Readonly<Record<string, string>>,
  { home, remove, reason, json }: ModelTagOptions,
): Promise<void> {
  await withEngine(home, async ({ api }) => {
    const { name, version } = await modelOrVersion(api, reference);
    const change = { setTags, removeTags: [...remove], reason };
    const isLook = Object.keys(setTags).length === 0 && remove.length === 0;
    const tagged: Pick<RegisteredModel, 'tags'> = isLook
      ? version === null
        ? await api.registry.model({ name })
        : await api.registry.version({ reference: `${name}/${version}` })
      : version === null
        ? await api.registry.changeModel({ name, ...change })
        : await api.registry.changeVersion({ name, version, ...change });
    if (json) return console.log(jsonText(tagged.tags));
    for (const line of textColumns(Object.entries(tagged.tags))) console.log(line);
  });
}
