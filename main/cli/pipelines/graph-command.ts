import { noPipeline, type Pipeline } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { pipelineProject } from './pipeline-project.ts';

export interface GraphOptions {
  readonly home: string;
  readonly project?: string;
  readonly json?: boolean;
  readonly dot?: boolean;
  readonly mermaid?: boolean;
}

/** `benchtop graph`: which stage reads what which other writes, for people or for a program that draws. */
export async function graphCommand(options: GraphOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const project = await pipelineProject(engine.api, options.project);
    const pipeline = await engine.api.pipelines.definition({ projectId: project.id });
    if (pipeline === null) throw noPipeline(project);
    for (const { file, line, message } of pipeline.problems)
      console.error(`benchtop: ${file}:${line}: ${message}`);
    console.log(graphText(pipeline, options));
    if (pipeline.problems.length > 0) process.exitCode = 1;
  });
}

export function graphText(
  { stages }: Pick<Pipeline, 'stages'>,
  { json, dot, mermaid }: Pick<GraphOptions, 'json' | 'dot' | 'mermaid'>,
): string {
  if (json)
    return jsonText({
      stages: stages.map(({ name, group, upstream, deps, externalDeps, outputs }) => ({
        name,
        group,
        upstream,
        deps: [...deps, ...externalDeps],
        outputs: outputs.map(({ path }) => path),
      })),
    });
  if (dot)
    return [
      'digraph pipeline {',
      '  rankdir=LR;',
      ...stages.map(({ name }) => `  ${JSON.stringify(name)};`),
      ...stages.flatMap(({ name, upstream }) =>
        upstream.map((above) => `  ${JSON.stringify(above)} -> ${JSON.stringify(name)};`),
      ),
      '}',
    ].join('\n');
  if (mermaid) {
    // Names may hold what Mermaid takes for its own: the nodes are numbered and the names are texts.
    const numbers = new Map(stages.map(({ name }, at) => [name, `s${at}`]));
    return [
      'flowchart LR',
      ...stages.map(({ name }) => `  ${numbers.get(name)}["${name.replaceAll('"', '#quot;')}"]`),
      ...stages.flatMap(({ name, upstream }) =>
        upstream.map((above) => `  ${numbers.get(above)} --> ${numbers.get(name)}`),
      ),
    ].join('\n');
  }
  return byDepth(stages).join('\n');
}

/** A line for each stage in an order in which they can run, further in than what it stands on. */
function byDepth(stages: Pipeline['stages']): string[] {
  const depths = new Map<string, number>();
  return stages.map(({ name, upstream }) => {
    const depth = Math.max(-1, ...upstream.map((above) => depths.get(above) ?? 0)) + 1;
    depths.set(name, depth);
    return `${'  '.repeat(depth)}${name}${upstream.length === 0 ? '' : ` ← ${upstream.join(', ')}`}`;
  });
}
