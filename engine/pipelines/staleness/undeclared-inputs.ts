import { statSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import type { Pipeline, PipelineStage } from '../../../contract/index.ts';
import { setNewest } from '../../set-newest.ts';
import { covers, plainPath } from './path-contents.ts';

/** Runs that are followed at most: those that began last. */
const runsAtMost = 256;
const filesOfRun = 2000;
/** More files than these of one folder are told as the folder. */
const filesOfFolder = 10;

/** The files that runs of stages were seen reading, until their results are recorded. */
export function createSeenFiles(isOfStage: (runId: string) => boolean) {
  const seen = new Map<string, Set<string> | null>();
  return {
    opened(runId: string, paths: readonly string[]): void {
      let files = seen.get(runId);
      if (files === undefined) {
        files = isOfStage(runId) ? new Set() : null;
        setNewest(seen, runsAtMost, runId, files);
      }
      if (files !== null) for (const path of paths) if (files.size < filesOfRun) files.add(path);
    },
    /** The files of a run, which is followed no longer. */
    take(runId: string): string[] {
      const files = [...(seen.get(runId) ?? [])];
      seen.delete(runId);
      return files;
    },
  };
}

/**
 * Those of the files that a stage was seen reading that nothing declares: files of the project that are none of its deps, params
 * or outputs, nothing hidden, no packages, and not written since it began. Relative to the project, by name.
 */
export function undeclaredInputs(
  files: readonly string[],
  {
    projectPath,
    pipeline,
    stage,
    startedAt,
  }: { projectPath: string; pipeline: Pipeline; stage: PipelineStage; startedAt: number | null },
): string[] {
  const declared = [
    ...stage.deps,
    ...stage.outputs.map(({ path }) => path),
    ...stage.params.map(({ file }) => file),
    pipeline.file,
  ].map(plainPath);
  const found = new Set<string>();
  const byFolder = new Map<string, string[]>();
  for (const file of files) {
    const path = relative(projectPath, file).split(sep).join('/');
    if (path === '' || path.startsWith('../') || isTheirs.test(`/${path}`)) continue;
    if (declared.some((one) => covers(one, path)) || isWrittenSince(file, startedAt)) continue;
    found.add(path);
    const folder = dirname(path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), path]);
  }
  for (const [folder, paths] of byFolder) {
    if (folder === '.' || paths.length <= filesOfFolder) continue;
    for (const path of paths) found.delete(path);
    found.add(`${folder}/`);
  }
  return [...found].toSorted();
}

/** Hidden, or of the tools around a program. */
const isTheirs = /\/(\.|__pycache__\/|site-packages\/|node_modules\/)/;

function isWrittenSince(path: string, startedAt: number | null): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || startedAt === null || stats.mtimeMs >= startedAt;
}
