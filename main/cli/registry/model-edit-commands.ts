import type { ModelStage } from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { withEngine } from '../with-engine.ts';
import { modelOrVersion, nameOf } from './model-or-version.ts';

export interface ModelEditOptions {
  readonly home: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** `benchtop model describe`: what a model or a version is, in words. */
export async function modelDescribeCommand(
  reference: string,
  description: string,
  { home, reason, json }: ModelEditOptions,
): Promise<void> {
  await withEngine(home, async ({ api }) => {
    const subject = await modelOrVersion(api, reference);
    const { name, version } = subject;
    const changed =
      version === null
        ? await api.registry.changeModel({ name, description, reason })
        : await api.registry.changeVersion({ name, version, description, reason });
    console.log(json ? jsonText(changed) : `${nameOf(subject)}: ${changed.description}`);
  });
}

/** `benchtop model rename`: versions, aliases, tags and history go along. */
export async function modelRenameCommand(
  name: string,
  newName: string,
  { home, reason, json }: ModelEditOptions,
): Promise<void> {
  await withEngine(home, async ({ api }) => {
    const changed = await api.registry.changeModel({ name, newName, reason });
    console.log(json ? jsonText(changed) : `${name} is called ${changed.name} now`);
  });
}

/** `benchtop model stage`: moves a version to one of MLflow's stages. */
export async function modelStageCommand(
  reference: string,
  stage: ModelStage,
  { home, reason, json, archiveOthers }: ModelEditOptions & { readonly archiveOthers?: boolean },
): Promise<void> {
  await withEngine(home, async ({ api }) => {
    const { name, version, stage: before } = await api.registry.version({ reference });
    const moved = await api.registry.changeVersion({
      name,
      version,
      stage,
      archiveOthers: archiveOthers === true,
      reason,
    });
    console.log(json ? jsonText(moved) : `${name}/${version} is in ${moved.stage}, it was in ${before}`);
  });
}

/** `benchtop model demote`: takes an alias away; no version has it then. */
export async function modelDemoteCommand(
  name: string,
  { home, alias, reason, json }: ModelEditOptions & { readonly alias: string },
): Promise<void> {
  await withEngine(home, async ({ api }) => {
    const model = await api.registry.model({ name });
    const version = model.aliases.find((each) => each.alias === alias)?.version ?? null;
    await api.registry.removeAlias({ name, alias, reason });
    console.log(
      json
        ? jsonText({ name, alias, previousVersion: version })
        : `No version has ${name}@${alias} now, it was version ${version}`,
    );
  });
}
