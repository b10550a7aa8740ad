import type { StageReason } from '../../../contract/index.ts';
import type { StageInputs } from './stage-inputs.ts';

/** Files of a folder that differ. */
type FolderDifference = (
  path: string,
  before: string,
) => Promise<{
  readonly files: Extract<StageReason, { kind: 'dep' }>['files'];
  readonly count: number;
} | null>;

/**
 * What differs between what a stage read and was told before and what it would be now, but for its environment. A command that differs
 * comes after what it may differ by: a param in it.
 * @param filesChanged names the files in which a folder differs from an earlier version; null where that cannot be told.
 */
export async function inputReasons(
  before: StageInputs,
  after: StageInputs,
  filesChanged: FolderDifference,
): Promise<StageReason[]> {
  const [was, is] = [commandText(before), commandText(after)];
  return [
    ...(await depReasons(before, after, filesChanged)),
    ...changedValues(
      before.params.map(({ file, name, value }) => [JSON.stringify([file, name]), value]),
      after.params.map(({ file, name, value }) => [JSON.stringify([file, name]), value]),
    ).map(({ key, ...sides }): StageReason => {
      const [file = '', name = ''] = JSON.parse(key) as string[];
      return { kind: 'param', file, name, ...sides };
    }),
    ...changedValues(before.env, after.env).map(({ key, ...sides }): StageReason => ({
      kind: 'environment',
      name: key,
      ...sides,
    })),
    ...(was === is ? [] : [{ kind: 'command' as const, before: was, after: is }]),
    ...after.outputs
      .filter((path) => !before.outputs.includes(path))
      .map((path): StageReason => ({ kind: 'output', path, change: 'new' })),
    ...before.outputs
      .filter((path) => !after.outputs.includes(path))
      .map((path): StageReason => ({ kind: 'output', path, change: 'no longer written' })),
  ];
}

async function depReasons(
  before: StageInputs,
  after: StageInputs,
  filesChanged: FolderDifference,
): Promise<StageReason[]> {
  const old = new Map(before.deps.map(({ path, version }) => [path, version]));
  const paths = new Set(after.deps.map(({ path }) => path));
  const reasons: StageReason[] = [];
  for (const { path, version } of after.deps) {
    const was = old.get(path) ?? null;
    if (old.has(path) && was === version && was !== null) continue;
    const change = version === null ? 'missing' : old.has(path) ? 'modified' : 'new';
    const differing =
      was === null || version === null || was === version ? null : await filesChanged(path, was);
    reasons.push({
      kind: 'dep',
      path,
      change,
      files: differing?.files ?? [],
      fileCount: differing?.count ?? 0,
      beforeId: was,
      afterId: version,
    });
  }
  for (const { path, version } of before.deps)
    if (!paths.has(path))
      reasons.push({
        kind: 'dep',
        path,
        change: 'no longer read',
        files: [],
        fileCount: 0,
        beforeId: version,
        afterId: null,
      });
  return reasons;
}

/** Values that differ or that one side only has, by their keys. */
function changedValues(
  before: readonly (readonly [key: string, value: string | null])[],
  after: readonly (readonly [key: string, value: string | null])[],
): { key: string; before: string | null; after: string | null }[] {
  const [old, now] = [new Map(before), new Map(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((key) => ({ key, before: old.get(key) ?? null, after: now.get(key) ?? null }))
    .filter((one) => one.before !== one.after);
}

/** As a person would type it. */
function commandText({ commands, workingFolder }: StageInputs): string {
  const folder = workingFolder === '.' || workingFolder === '' ? [] : [`cd ${workingFolder}`];
  return [...folder, ...commands].join('\n');
}
