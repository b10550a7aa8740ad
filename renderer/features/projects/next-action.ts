import type { Execution, Finding, Pipeline, Project } from '../../../contract/index.ts';

/** The one thing to do next on a project's home. */
export type NextAction =
  | { kind: 'folder-gone' }
  | { kind: 'fix-pipeline'; problems: number; file: string }
  | { kind: 'watch'; runId: string }
  | { kind: 'look-at-failure'; runId: string; stage: string }
  | { kind: 'run-pipeline'; stages: number; file: string }
  | { kind: 'run-script'; command: string }
  | { kind: 'look-at-runs'; runs: number }
  | { kind: 'choose-other' };

/**
 * The first of these that fits: bring the folder back, mend the pipeline, watch what runs, look at the stage that failed last,
 * run the pipeline, run the likeliest script, look at the runs.
 */
export function nextAction(facts: {
  project: Project;
  pipeline: Pipeline | null;
  lastExecution: Execution | undefined;
  findings: readonly Finding[];
}): NextAction {
  const { project, pipeline, lastExecution, findings } = facts;
  if (!project.isPresent) return { kind: 'folder-gone' };
  if (pipeline !== null && pipeline.problems.length > 0)
    return { kind: 'fix-pipeline', problems: pipeline.problems.length, file: pipeline.file };
  const running = lastExecution?.stages.find((stage) => stage.state === 'running');
  if (typeof running?.runId === 'string') return { kind: 'watch', runId: running.runId };
  const failed = lastExecution?.stages.find((stage) => stage.state === 'failed');
  if (typeof failed?.runId === 'string')
    return { kind: 'look-at-failure', runId: failed.runId, stage: failed.name };
  if (pipeline !== null && pipeline.stages.length > 0)
    return { kind: 'run-pipeline', stages: pipeline.stages.length, file: pipeline.file };
  const script = likeliestScript(findings);
  if (script !== undefined) return { kind: 'run-script', command: `python ${script}` };
  if (project.runCount > 0) return { kind: 'look-at-runs', runs: project.runCount };
  return { kind: 'choose-other' };
}

/** A script called train first, then main, then the one with the shortest path. */
export function likeliestScript(findings: readonly Finding[]): string | undefined {
  const rank = (path: string) =>
    /(^|\/)train[^/]*\.py$/.test(path) ? 0 : /(^|\/)main\.py$/.test(path) ? 1 : 2;
  return findings
    .filter((finding) => finding.kind === 'script' && finding.path.endsWith('.py'))
    .map((finding) => finding.path)
    .toSorted(
      (one, other) => rank(one) - rank(other) || one.length - other.length || one.localeCompare(other),
    )[0];
}
