import type { PipelineStage } from '../../contract/index.ts';
import { flatValues } from '../config-values.ts';
import { readParamsFile, valueAt } from './params-file.ts';

/** The values a stage's params have now, each from the file that it is read of. */
export async function stageParams(
  projectPath: string,
  stage: PipelineStage,
): Promise<Record<string, string>> {
  const params: [string, string][] = [];
  for (const { file, names } of stage.params) {
    const content = await readParamsFile(projectPath, file);
    for (const name of names.length === 0 ? [''] : names)
      params.push(...flatValues(name, name === '' ? content : valueAt(content, name)));
  }
  return Object.fromEntries(params);
}
