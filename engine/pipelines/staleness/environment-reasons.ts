import type { StageReason } from '../../../contract/index.ts';
import type { StageEnvironment } from './stage-environments.ts';

/** What differs between two environments, the interpreter first, then packages by name. */
export function environmentReasons(
  before: StageEnvironment | null,
  after: StageEnvironment | null,
): StageReason[] {
  if (before?.id === after?.id) return [];
  const reasons: StageReason[] = [];
  const interpreter = [before, after].map((one) => one && `${one.language} ${one.version ?? ''}`.trim());
  const [was = null, is = null] = interpreter;
  if (was !== is)
    reasons.push({
      kind: 'environment',
      name: after?.language ?? before?.language ?? 'interpreter',
      before: was,
      after: is,
    });
  const [old, now] = [before?.packages ?? {}, after?.packages ?? {}];
  for (const name of [...new Set([...Object.keys(old), ...Object.keys(now)])].toSorted())
    if (old[name] !== now[name])
      reasons.push({ kind: 'environment', name, before: old[name] ?? null, after: now[name] ?? null });
  return reasons;
}
