import type { Artifact, EngineApi } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import { runText } from './run-text.ts';

export interface ShowOptions {
  readonly home: string;
  readonly json?: boolean;
}

/** `benchtop show`: everything that is recorded of one run but its output and its curves. */
export async function showCommand(prefix: string, options: ShowOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { id: runId } = await runByPrefix(engine.api, prefix);
    const run = await engine.api.tracking.run({ runId });
    const artifacts = await allArtifacts(engine.api, runId, '');
    const snapshot = await engine.api.source.snapshot({ runId });
    const data = await engine.api.data.ofRun({ runId });
    const environment = options.json ? await engine.api.environments.ofRun({ runId }) : null;
    console.log(
      options.json
        ? jsonText({ ...run, artifacts, data, snapshot, environment })
        : runText({ run, artifacts, data, snapshot }, Date.now()),
    );
  });
}

/** The files below a folder, the folders themselves left out. */
async function allArtifacts(api: EngineApi, runId: string, folder: string): Promise<Artifact[]> {
  const found: Artifact[] = [];
  for (const each of await api.tracking.artifacts({ runId, folder })) {
    if (each.isFolder) found.push(...(await allArtifacts(api, runId, each.path)));
    else found.push(each);
  }
  return found;
}
