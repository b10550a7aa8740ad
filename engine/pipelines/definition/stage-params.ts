import type { PipelineStage } from '../../../contract/index.ts';
import { flatValues } from '../../config-values.ts';
import { readParamsFile } from './read-params-file.ts';
import { valueAt } from './value-at.ts';

export interface StageParam {
  readonly file: string;
  /** With dots. */
  readonly name: string;
  /** Null for one that the file does not have. */
  readonly value: string | null;
}

/** The single values of the params that a stage reads, as they are now. @throws {BenchtopError} `file-unreadable`. */
export async function stageParams(projectPath: string, stage: PipelineStage): Promise<StageParam[]> {
  const params = await Promise.all(
    stage.params.map(async ({ file, names }) => {
      const content = (await readParamsFile(projectPath, file))?.plain;
      return (names.length === 0 ? [''] : names).flatMap((name): StageParam[] => {
        const values = flatValues(name, name === '' ? content : valueAt(content, name));
        if (values.length === 0) return [{ file, name, value: null }];
        return values.map(([path, value]) => ({ file, name: path, value }));
      });
    }),
  );
  return params.flat();
}
