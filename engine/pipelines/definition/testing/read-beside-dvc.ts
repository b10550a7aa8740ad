import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Pipeline } from '../../../../contract/index.ts';
import { readPipeline } from '../index.ts';
import { resolveWithDvc, type DvcStage } from './resolve-with-dvc.ts';

type Said = { readonly stages: DvcStage[] } | { readonly error: string };

/** What we and DVC make of projects, each given by its files: stages in the same form, or a refusal. */
export async function readBesideDvc(
  python: string,
  projects: readonly Readonly<Record<string, string>>[],
): Promise<{ ours: Said; theirs: Said }[]> {
  const root = mkdtempSync(join(tmpdir(), 'against-dvc-'));
  try {
    const folders = projects.map((project, at) => {
      const folder = join(root, String(at));
      const files = { '.dvc/config': '[core]\n    no_scm = true\n', ...project };
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      return folder;
    });
    const theirs = resolveWithDvc(python, folders);
    return await Promise.all(
      folders.map(async (folder, at) => ({
        ours: await ourReading(folder),
        theirs: theirs[at] ?? { error: 'nothing was said' },
      })),
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function ourReading(folder: string): Promise<Said> {
  const pipeline = await readPipeline(folder);
  if (pipeline === null) return { error: 'no pipeline' };
  const [problem] = pipeline.problems;
  return problem === undefined ? { stages: asDvcTells(pipeline) } : { error: problem.message };
}

function asDvcTells(pipeline: Pipeline): DvcStage[] {
  return pipeline.stages
    .map((stage) => ({
      name: stage.name,
      cmd: stage.commands,
      wdir: stage.workingFolder,
      deps: stage.deps,
      externalDeps: stage.externalDeps,
      params: Object.fromEntries(stage.params.map(({ file, names }) => [file, names])),
      outs: stage.outputs.map(({ path, kind, isCached, isPersistent }) => ({
        path,
        kind,
        cache: isCached,
        persist: isPersistent,
      })),
      frozen: stage.isFrozen,
      always_changed: stage.isAlwaysChanged,
      desc: stage.description,
      upstream: [...stage.upstream].sort(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
