import type { PipelineStage } from '../../contract/index.ts';
import { flatValues } from '../config-values.ts';
import { defaultParamsFile, readParamsFile, valueAt } from './params-file.ts';

/** The values a stage's params have now: `train.lr` is read from params.yaml, `conf.yaml:a.b` from the file it names. */
export async function stageParams(
  projectPath: string,
  stage: PipelineStage,
): Promise<Record<string, string>> {
  const params: [string, string][] = [];
  for (const [file, entries] of Map.groupBy(stage.params.map(splitParam), (param) => param.file)) {
    const content = await readParamsFile(projectPath, file);
    for (const { name } of entries)
      params.push(...flatValues(name, name === '' ? content : valueAt(content, name)));
  }
  return Object.fromEntries(params);
}

function splitParam(entry: string): { file: string; name: string } {
  const [, file = defaultParamsFile, name = entry] = /^(.*\.(?:ya?ml|json)):(.*)$/.exec(entry) ?? [];
  return { file, name };
}
