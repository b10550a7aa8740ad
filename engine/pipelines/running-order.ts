import type { PipelineStage } from '../../contract/index.ts';

type BareStage = Omit<PipelineStage, 'upstream'>;

/** Joins stages where one reads what another writes, and orders them so that each comes after what it reads. */
export function inRunningOrder(stages: readonly BareStage[]): { stages: PipelineStage[]; circle: string[] } {
  const joined = stages.map((stage) => ({
    ...stage,
    upstream: stages
      .filter(
        (other) =>
          other !== stage && other.outputs.some((out) => stage.deps.some((dep) => covers(out.path, dep))),
      )
      .map((other) => other.name),
  }));
  const ordered: PipelineStage[] = [];
  const done = new Set<string>();
  let waiting = joined;
  while (waiting.length > 0) {
    const ready = waiting.filter((stage) => stage.upstream.every((name) => done.has(name)));
    if (ready.length === 0) return { stages: ordered, circle: waiting.map((stage) => stage.name) };
    for (const stage of ready) done.add(stage.name);
    ordered.push(...ready);
    waiting = waiting.filter((stage) => !done.has(stage.name));
  }
  return { stages: ordered, circle: [] };
}

/** True when one path is the other or lies below it. */
function covers(out: string, dep: string): boolean {
  const [a, b] = [out, dep].map((path) => path.replace(/^\.\//, '').replace(/\/+$/, '')) as [string, string];
  return a === b || b.startsWith(`${a}/`) || a.startsWith(`${b}/`);
}
