import { BenchtopError, type ModelCandidate } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';

export interface ModelRegisterOptions {
  readonly home: string;
  readonly path?: string;
  readonly model?: string;
  readonly description: string;
  readonly reason: string;
  readonly json?: boolean;
}

/** `benchtop model register`: the only model of a run, or the one that is named. */
export async function modelRegisterCommand(
  prefix: string,
  name: string | undefined,
  options: ModelRegisterOptions,
): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { id: runId } = await runByPrefix(engine.api, prefix);
    const candidates = await engine.api.registry.candidates({ runId });
    const chosen = chosenModel(candidates, options);
    const version = await engine.api.registry.register({
      runId,
      model: chosen.modelId === null ? { path: chosen.path } : { modelId: chosen.modelId },
      name: name ?? chosen.suggestedName,
      description: options.description,
      reason: options.reason,
    });
    console.log(options.json ? jsonText(version) : `${version.name}/${version.version}`);
  });
}

function chosenModel(
  candidates: readonly ModelCandidate[],
  { path, model }: ModelRegisterOptions,
): ModelCandidate {
  const wanted = candidates.filter((candidate) =>
    model !== undefined
      ? candidate.modelId === model
      : path === undefined || (candidate.modelId === null && candidate.path === path.replace(/\/$/, '')),
  );
  const [only, second] = wanted;
  const evidence = candidates
    .map((each) => (each.modelId === null ? `--path ${each.path}` : `--model ${each.modelId} (${each.path})`))
    .join('\n');
  if (only === undefined)
    throw new BenchtopError({
      code: 'not-found',
      what: candidates.length === 0 ? 'The run left no model.' : 'The run has no such model.',
      ...(candidates.length === 0 ? {} : { evidence }),
      next: 'A model is what a program logs through MLflow, a folder with an MLmodel file, or a file such as model.pkl or model.onnx.',
    });
  if (second !== undefined)
    throw new BenchtopError({
      code: 'conflict',
      what: `The run has ${wanted.length} models.`,
      evidence,
      next: 'Say which with one of these options.',
    });
  return only;
}
