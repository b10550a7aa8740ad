import { BenchtopError, type EngineApi } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { withEngine } from '../with-engine.ts';
import type { ModelEditOptions } from './model-edit-commands.ts';
import { modelOrVersion, nameOf, type ModelOrVersion } from './model-or-version.ts';

/** `benchtop model delete`: a model with its versions, or one version. Nothing happens without `--yes`. */
export async function modelDeleteCommand(
  reference: string,
  { home, yes, reason, json }: ModelEditOptions & { readonly yes?: boolean },
): Promise<void> {
  await withEngine(home, async ({ api }) => {
    const subject = await modelOrVersion(api, reference);
    const { name, version } = subject;
    const what = await lostWith(api, subject);
    if (yes !== true)
      throw new BenchtopError({
        code: 'not-allowed',
        what: 'Nothing was deleted: clients that ask for it would find nothing, so it has to be confirmed.',
        evidence: what,
        next: 'Add --yes to delete. Files and history stay, and `benchtop model restore` brings it back.',
      });
    if (version === null) await api.registry.deleteModel({ name, reason });
    else await api.registry.deleteVersion({ name, version, reason });
    console.log(
      json
        ? jsonText({ name, version, isDeleted: true })
        : `Deleted ${what}\nBack with \`benchtop model restore ${nameOf(subject)}\`.`,
    );
  });
}

/** `benchtop model restore`: brings back what was deleted. */
export async function modelRestoreCommand(
  reference: string,
  { home, reason, json }: ModelEditOptions,
): Promise<void> {
  await withEngine(home, async ({ api }) => {
    const [, name = reference, number] = /^(?:models:\/+)?([^/]+)\/(\d+)$/.exec(reference) ?? [];
    if (number === undefined) {
      const model = await api.registry.restoreModel({ name: name.replace(/^models:\/+/, ''), reason });
      return console.log(
        json
          ? jsonText(model)
          : `${model.name} is back: ${await lostWith(api, { name: model.name, version: null })}`,
      );
    }
    const version = await api.registry.restoreVersion({ name, version: Number(number), reason });
    console.log(
      json
        ? jsonText(version)
        : `${name}/${number} is back${version.aliases.length === 0 ? '' : `, with ${version.aliases.join(', ')}`}`,
    );
  });
}

/** What is gone with it, in a line. */
async function lostWith(api: EngineApi, { name, version }: ModelOrVersion): Promise<string> {
  const model = await api.registry.model({ name });
  const lost = model.aliases.filter((each) => version === null || each.version === version);
  const aliases = lost.map((each) => (version === null ? `${each.alias} (${each.version})` : each.alias));
  const named = aliases.length === 0 ? 'without an alias' : `with ${aliases.join(', ')}`;
  if (version !== null) return `version ${version} of ${name}, ${named}`;
  const count = model.versionCount;
  return `${name}, ${count} ${count === 1 ? 'version' : 'versions'}${count === 0 ? '' : `, ${named}`}`;
}
