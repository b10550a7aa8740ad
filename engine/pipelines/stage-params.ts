import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { PipelineStage } from '../../contract/index.ts';

/** The values a stage's params have now: `train.lr` is read from params.yaml, `conf.yaml:a.b` from the file it names. */
export async function stageParams(
  projectPath: string,
  stage: PipelineStage,
): Promise<Record<string, string>> {
  const params: [string, string][] = [];
  for (const [file, entries] of Map.groupBy(stage.params.map(splitParam), ({ file }) => file)) {
    // A missing file leaves its params out; the stage itself will say what it lacks.
    const text = await readFile(join(projectPath, file), 'utf8').catch(() => '');
    const content: unknown = parse(text);
    for (const { name } of entries) {
      const value = name
        .split('.')
        .reduce<unknown>(
          (node, key) => (isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined),
          content,
        );
      params.push(...flattened(name, value));
    }
  }
  return Object.fromEntries(params);
}

function splitParam(entry: string): { file: string; name: string } {
  const [, file, name] = /^(.*\.(?:ya?ml|json)):(.*)$/.exec(entry) ?? [undefined, 'params.yaml', entry];
  return { file: file ?? 'params.yaml', name: name ?? entry };
}

function flattened(name: string, value: unknown): [string, string][] {
  if (value === undefined) return [];
  if (isRecord(value))
    return Object.entries(value).flatMap(([key, inner]) =>
      flattened(name === '' ? key : `${name}.${key}`, inner),
    );
  return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
