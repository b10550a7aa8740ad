import { posix } from 'node:path';
import { BenchtopError, type TriggerCondition } from '../../../contract/index.ts';

interface Watch {
  readonly projectId: string;
  readonly condition: TriggerCondition;
}

/**
 * Refuses a trigger that its own pipeline would fire again and again: one that watches what the pipeline writes, and pipelines that start
 * each other in a circle.
 * @throws {BenchtopError} `invalid-input`.
 */
export function refuseEndless(added: Watch, others: readonly Watch[], outputs: readonly string[]): void {
  const { projectId, condition } = added;
  // An incident is told once, however often the pipeline runs.
  if (condition.kind === 'time' || condition.kind === 'monitor') return;
  if (condition.kind !== 'pipeline') {
    const watched = posix.normalize(condition.path).replace(/\/+$/, '');
    const output = outputs.find(
      (path) =>
        watched === '.' ||
        path === watched ||
        path.startsWith(`${watched}/`) ||
        watched.startsWith(`${path}/`),
    );
    if (output === undefined) return;
    throw new BenchtopError({
      code: 'invalid-input',
      what: `The pipeline writes ${output}: a trigger on ${condition.path} would start it again and again.`,
      next: 'Watch what the pipeline reads and does not write.',
    });
  }
  const startsAfter = new Map<string, string[]>();
  for (const { projectId: started, condition: by } of [...others, added])
    if (by.kind === 'pipeline')
      startsAfter.set(by.projectId, [...(startsAfter.get(by.projectId) ?? []), started]);
  const reached = new Set<string>();
  const open = [projectId];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === condition.projectId)
      throw new BenchtopError({
        code: 'invalid-input',
        what: 'With this trigger pipelines would start each other in a circle, for ever.',
        next: 'Remove another trigger of the circle first.',
      });
    if (reached.has(at)) continue;
    reached.add(at);
    open.push(...(startsAfter.get(at) ?? []));
  }
}
