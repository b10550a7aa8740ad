import type { PipelineStage } from '../../contract/index.ts';
import { defaultParamsFile, paramText, readParamsFile, valueAt } from './params-file.ts';

/** The values a stage's params have now: `train.lr` is read from params.yaml, `conf.yaml:a.b` from the file it names. */
export async function stageParams(
  projectPath: string,
  stage: PipelineStage,
): Promise<Record<string, string>> {
  const params: [string, string][] = [];
  for (const [file, entries] of Map.groupBy(stage.params.map(splitParam), (param) => param.file)) {
    const content = await readParamsFile(projectPath, file);
    for (const { name } of entries)
      params.push(...flattened(name, name === '' ? content : valueAt(content, name)));
  }
  return Object.fromEntries(params);
}

function splitParam(entry: string): { file: string; name: string } {
  const [, file = defaultParamsFile, name = entry] = /^(.*\.(?:ya?ml|json)):(.*)$/.exec(entry) ?? [];
  return { file, name };
}

function flattened(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) =>
      flattened(name === '' ? key : `${name}.${key}`, inner),
    );
  }
  return [[name, paramText(value)]];
}
