import { manifestPaths, readManifest } from './manifest.ts';
import { realPath } from './real-path.ts';
import { currentContent, readVersion, type SnapshotTools } from './take-snapshot.ts';

/** Files in which a folder differs from what it held; none for a single file. */
export interface ChangedFiles {
  /** The first of them by name. */
  readonly files: { readonly path: string; readonly change: 'added' | 'removed' | 'modified' }[];
  readonly count: number;
}

const toldAtMost = 20;

/** Compares what a path holds now with a recorded version, by name: a renamed file is removed and added. @throws {BenchtopError} */
export async function changedFiles(
  tools: SnapshotTools,
  before: string,
  path: string,
  signal: AbortSignal,
): Promise<ChangedFiles> {
  const now = await currentContent(tools, realPath(path), signal);
  const manifest =
    now.text === null ? (await readVersion(tools, now.version.version)).manifest : readManifest(now.text);
  if (manifest.kind === 'file') return { files: [], count: 0 };
  const [was, is] = [(await readVersion(tools, before)).manifest, manifest].map(manifestPaths) as [
    ReadonlyMap<string, string>,
    ReadonlyMap<string, string>,
  ];
  const files: ChangedFiles['files'] = [];
  for (const [name, content] of is)
    if (!was.has(name)) files.push({ path: name, change: 'added' });
    else if (was.get(name) !== content) files.push({ path: name, change: 'modified' });
  for (const name of was.keys()) if (!is.has(name)) files.push({ path: name, change: 'removed' });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files: files.slice(0, toldAtMost), count: files.length };
}
