import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import type { Pipeline, PipelineStage, StageOutput } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';
import { interpolate } from './interpolate.ts';
import { defaultParamsFile, readParamsFile } from './params-file.ts';
import { inRunningOrder } from './running-order.ts';

/** The files that may define a pipeline, the first one found wins. */
const definitionFiles = ['benchtop.yaml', 'dvc.yaml'];

// A dependency, output or metric is a path, or a one-key map from the path to its options (as DVC writes it).
const pathEntry = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((entry) => (typeof entry === 'string' ? entry : (Object.keys(entry)[0] ?? '')));
const pathList = z.array(pathEntry).default([]);
const stageSchema = z.object({
  cmd: z.union([z.string().transform((command) => [command]), z.array(z.string())]),
  wdir: z.string().optional(),
  desc: z.string().default(''),
  deps: pathList,
  // A param is a name in params.yaml, or a map from another file to names in it.
  params: z.array(z.union([z.string(), z.record(z.string(), z.unknown())])).default([]),
  outs: pathList,
  metrics: pathList,
  plots: pathList,
});

type Problem = Pipeline['problems'][number];

/** Reads a project's pipeline. What is wrong in the file is told with its place; the stages that are right are kept. */
export async function readPipeline(projectPath: string): Promise<Pipeline | null> {
  for (const file of definitionFiles) {
    const text = await readFile(join(projectPath, file), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    });
    if (text !== null) return parsePipeline(file, text, await readParamsFile(projectPath, defaultParamsFile));
  }
  return null;
}

export function parsePipeline(file: string, text: string, values: unknown): Pipeline {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = document.errors.map((error) =>
    placed(file, lines, error.pos[0], error.message, 'Correct the YAML at this place.'),
  );
  if (problems.length > 0) return { file, stages: [], problems };
  const stages: Omit<PipelineStage, 'upstream'>[] = [];
  const stagesNode = document.get('stages');
  if (!isMap(stagesNode)) {
    problems.push(
      placed(file, lines, 0, 'The file has no `stages`.', 'Add a map named `stages` with one entry a stage.'),
    );
    return { file, stages: [], problems };
  }
  for (const pair of stagesNode.items) {
    const name = String(pair.key);
    const { node, unknownNames } = interpolate(toPlain(document, name), values);
    for (const unknown of unknownNames) {
      problems.push(
        placed(
          file,
          lines,
          offsetOf(document, ['stages', name]),
          `Stage "${name}" uses \${${unknown}}, which has no value.`,
          `Add ${unknown} to ${defaultParamsFile}.`,
        ),
      );
    }
    const checked = stageSchema.safeParse(node);
    if (checked.success) {
      const { line } = lines.linePos(offsetOf(document, ['stages', name]));
      stages.push(stageOf(name, checked.data, line));
    } else {
      const issue = checked.error.issues[0];
      const path = issue?.path.map(String) ?? [];
      problems.push(
        placed(
          file,
          lines,
          offsetOf(document, ['stages', name, ...path]),
          `Stage "${name}": ${[...path, issue?.message ?? 'not valid'].join(': ')}`,
          'See docs/pipelines.md for the keys of a stage.',
        ),
      );
    }
  }
  const ordered = inRunningOrder(stages);
  for (const name of ordered.circle) {
    problems.push(
      placed(
        file,
        lines,
        offsetOf(document, ['stages', name]),
        `Stage "${name}" needs its own output, directly or through others.`,
        'Remove one of the dependencies in the circle.',
      ),
    );
  }
  return { file, stages: ordered.stages, problems };
}

function stageOf(
  name: string,
  stage: z.output<typeof stageSchema>,
  line: number,
): Omit<PipelineStage, 'upstream'> {
  const output = (kind: StageOutput['kind']) => (path: string) => ({
    path,
    kind,
    isCached: true,
    isPersistent: false,
  });
  return {
    name,
    group: null,
    commands: stage.cmd,
    workingFolder: stage.wdir ?? '.',
    description: stage.desc,
    deps: stage.deps,
    params: stage.params.flatMap((entry) =>
      typeof entry === 'string'
        ? [{ file: defaultParamsFile, names: [entry] }]
        : Object.entries(entry).map(([file, names]) => ({
            file,
            names: Array.isArray(names) ? names.map(String) : [],
          })),
    ),
    outputs: [
      ...stage.outs.map(output('output')),
      ...stage.metrics.map(output('metrics')),
      ...stage.plots.map(output('plots')),
    ],
    isFrozen: false,
    isAlwaysChanged: false,
    resources: { cpus: null, memoryBytes: null, gpus: null },
    mutexes: [],
    retry: { times: 0, delayMs: 0 },
    timeLimitMs: null,
    env: {},
    line,
  };
}

function toPlain(document: Document, name: string): unknown {
  const node = document.getIn(['stages', name], true);
  return node !== null && typeof node === 'object' && 'toJS' in node
    ? (node as { toJS(doc: Document): unknown }).toJS(document)
    : node;
}

/** Where the deepest existing part of a path begins in the text. */
function offsetOf(document: Document, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(
      path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key)),
      true,
    ) as { range?: [number, number, number] } | undefined;
    if (node?.range !== undefined) return node.range[0];
  }
  return 0;
}

function placed(file: string, lines: LineCounter, offset: number, message: string, fix: string): Problem {
  const { line, col } = lines.linePos(offset);
  return { file, message, line, column: col, fix };
}
