import type { PipelineStage, StageReason } from '../../../contract/index.ts';
import { flatValues } from '../../config-values.ts';
import { plainNumbers, readParamsFile, valueAt, type readDvcLock } from '../definition/index.ts';
import type { DvcContent } from './dvc-content.ts';

type DvcLock = NonNullable<Awaited<ReturnType<typeof readDvcLock>>>;
/** A stage's entry in dvc.lock. */
export type LockedStage = NonNullable<ReturnType<DvcLock['get']>>;

/**
 * What DVC's own `status` would tell: what differs from what it recorded. Data in its cache is not looked at.
 * @param contentOf null where nothing is.
 */
export async function lockReasons(
  locked: LockedStage,
  stage: PipelineStage,
  {
    projectPath,
    contentOf,
  }: { projectPath: string; contentOf: (path: string) => Promise<DvcContent | null> },
): Promise<StageReason[]> {
  const reasons: StageReason[] = [];
  const [before, after] = [locked.commands, stage.commands].map((commands) => commands.join('\n'));
  if (before !== undefined && after !== undefined && before !== after)
    reasons.push({ kind: 'command', before, after });
  for (const path of stage.deps) {
    const change = await changeOf(path, locked.deps);
    if (change !== null)
      reasons.push({ kind: 'dep', path, change, files: [], fileCount: 0, beforeId: null, afterId: null });
  }
  for (const { file, names } of stage.params) {
    const content = (await readParamsFile(projectPath, file))?.plain;
    reasons.push(...paramReasons(file, names, locked.params[file] ?? {}, content));
  }
  for (const { path } of stage.outputs) {
    const change = await changeOf(path, locked.outs);
    if (change !== null) reasons.push({ kind: 'output', path, change });
  }
  return reasons;

  async function changeOf(
    path: string,
    entries: LockedStage['deps'],
  ): Promise<'missing' | 'new' | 'modified' | null> {
    const entry = entries.find((one) => one.path === path);
    const content = await contentOf(path);
    if (content === null) return 'missing';
    if (entry === undefined) return 'new';
    return entry.md5 === content.md5 && entry.isFolder === content.isFolder ? null : 'modified';
  }
}

function paramReasons(
  file: string,
  names: readonly string[],
  locked: LockedStage['params'][string],
  content: unknown,
): StageReason[] {
  const chosen = names.length === 0 ? Object.keys(locked) : names;
  const old = new Map(chosen.flatMap((name) => flatValues(name, plainNumbers(locked[name]))));
  const now = new Map(
    names.length === 0
      ? flatValues('', content)
      : names.flatMap((name) => flatValues(name, valueAt(content, name))),
  );
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => old.get(name) !== now.get(name))
    .map((name) => ({
      kind: 'param',
      file,
      name,
      before: old.get(name) ?? null,
      after: now.get(name) ?? null,
    }));
}
