import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PipelineStage } from '../../../contract/index.ts';
import { isMissing } from '../../is-missing.ts';
import { lockPath, readParamsFile, readYaml, valueAt } from '../definition/index.ts';
import type { DvcContent } from './dvc-content.ts';
import { keyText, yamlLines, type LockValue } from './yaml-text.ts';

/**
 * Puts what a stage read and wrote into the dvc.lock beside its definition, as DVC does after it ran a stage: the entry of the stage
 * alone is written anew, all else stays byte for byte. Where there is no dvc.lock, or none of schema 2.0, none is made.
 * @param contentOf null where nothing is.
 */
export async function writeLockEntry(
  projectPath: string,
  stage: PipelineStage,
  contentOf: (path: string) => Promise<DvcContent | null>,
): Promise<void> {
  const path = join(projectPath, dirname(stage.file), 'dvc.lock');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (text === null || !/^schema: ['"]?2\.0['"]?\s*$/m.test(text)) return;
  const changed = withEntry(
    text,
    ownName(stage),
    await entryOf(projectPath, stage, contentOf, entriesElsewhere(text, stage)),
  );
  if (changed === text) return;
  // Whole or not at all, with the rights that it had.
  const { mode } = await stat(path);
  const beside = `${path}.benchtop`;
  await writeFile(beside, changed, { mode });
  await rename(beside, path);
}

/** In its own file: `train` of `sub/dvc.yaml:train`. */
const ownName = ({ name, file }: PipelineStage): string =>
  name.startsWith(`${file}:`) ? name.slice(file.length + 1) : name;

type LockedPath = { readonly [key: string]: LockValue } & { readonly path: string };

/** What DVC knew of deps that lie elsewhere is left as it is: it asks there itself whether they have changed since. */
function entriesElsewhere(text: string, stage: PipelineStage): LockedPath[] {
  if (stage.externalDeps.length === 0) return [];
  const stages = valueAt(readYaml(text).value, 'stages');
  const own = isMap(stages) ? stages[ownName(stage)] : undefined;
  const listed = isMap(own) && Array.isArray(own.deps) ? (own.deps as readonly unknown[]) : [];
  return listed.filter(
    (entry): entry is LockedPath =>
      isMap(entry) && typeof entry.path === 'string' && stage.externalDeps.includes(entry.path),
  );
}

async function entryOf(
  projectPath: string,
  stage: PipelineStage,
  contentOf: Parameters<typeof writeLockEntry>[2],
  elsewhere: readonly LockedPath[],
): Promise<LockValue> {
  const [only] = stage.commands;
  const names = new Map(Object.entries(stage.lockNames));
  const paramsName = (file: string) => lockPath(stage.workingFolder, file);
  const seen = (path: string) => names.get(path) ?? paramsName(path);
  const listed = async (paths: readonly string[]): Promise<LockedPath[]> => {
    const entries: LockedPath[] = [];
    for (const path of paths.toSorted((a, b) => order(seen(a), seen(b)))) {
      const content = await contentOf(path);
      if (content !== null) entries.push({ path: seen(path), ...contentEntry(content) });
    }
    return entries;
  };
  const deps = [...(await listed(stage.deps)), ...elsewhere].toSorted((a, b) => order(a.path, b.path));
  const params: Record<string, LockValue> = {};
  const isDefault = (file: string) => paramsName(file) === 'params.yaml';
  const files = stage.params.toSorted(
    (a, b) =>
      Number(isDefault(b.file)) - Number(isDefault(a.file)) || order(paramsName(a.file), paramsName(b.file)),
  );
  for (const { file, names } of files) {
    const content = (await readParamsFile(projectPath, file))?.exact ?? {};
    const chosen = names.length === 0 && isMap(content) ? Object.keys(content) : names;
    const values = chosen.toSorted(order).flatMap((name) => {
      const value = names.length === 0 && isMap(content) ? content[name] : valueAt(content, name);
      return value === undefined ? [] : [[name, value as LockValue] as const];
    });
    params[paramsName(file)] = {
      ...(params[paramsName(file)] as object | undefined),
      ...Object.fromEntries(values),
    };
  }
  const outs = await listed(stage.outputs.map(({ path }) => path));
  return {
    cmd: stage.commands.length === 1 && only !== undefined ? only : stage.commands,
    ...(deps.length === 0 ? {} : { deps }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(outs.length === 0 ? {} : { outs }),
  };
}

const contentEntry = ({ md5, isFolder, sizeBytes, fileCount, isProgram }: DvcContent) => ({
  hash: 'md5',
  md5: isFolder ? `${md5}.dir` : md5,
  size: BigInt(sizeBytes),
  ...(isFolder ? { nfiles: BigInt(fileCount) } : {}),
  ...(isProgram ? { isexec: true } : {}),
});

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The text with the entry of one stage in place of the one that it has, or at the end. */
export function withEntry(text: string, name: string, entry: LockValue): string {
  const lines = text.replace(/\n+$/, '').split('\n');
  const head = lines.findIndex((line) => /^stages:\s*$/.test(line));
  if (head < 0) return text;
  const key = `  ${keyText(name)}:`;
  const block = [key, ...yamlLines(entry, 4)];
  const ends = (from: number, isEnd: (line: string) => boolean) => {
    const at = lines.findIndex((line, index) => index > from && isEnd(line));
    return at < 0 ? lines.length : at;
  };
  const end = ends(head, (line) => /^[^\s#]/.test(line));
  const begin = lines.findIndex((line, at) => at > head && at < end && line === key);
  const [from, to] =
    begin < 0
      ? [end, end]
      : [
          begin,
          Math.min(
            end,
            ends(begin, (line) => /^ {0,2}\S/.test(line)),
          ),
        ];
  return `${[...lines.slice(0, from), ...block, ...lines.slice(to)].join('\n')}\n`;
}
