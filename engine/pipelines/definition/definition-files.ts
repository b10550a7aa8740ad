import { posix } from 'node:path';
import ignore from 'ignore';
import { dvcPipelineFile } from '../../../contract/index.ts';
import type { ProjectFiles } from './project-files.ts';

/** A folder with more in it is data. */
const foldersAtMost = 2000;
const neverIn = new Set(['node_modules', '__pycache__', 'site-packages', 'mlruns', 'wandb']);

/**
 * The files of a DVC project (a folder with `.dvc` in it): every `dvc.yaml` and every `*.dvc`, from the top down. As DVC does,
 * it passes over what `.dvcignore` names, and over data: folders that a `.dvc` file tracks or that a stage writes (`isOutput`).
 * Where there is no `.dvc`, only the `dvc.yaml` at the top counts.
 */
export function* definitionFiles(
  files: ProjectFiles,
  isOutput: (path: string) => boolean,
): Generator<{ kind: 'pipeline' | 'source'; path: string }> {
  if (files.kind('.dvc') !== 'folder') {
    if (files.kind(dvcPipelineFile) === 'file') yield { kind: 'pipeline', path: dvcPipelineFile };
    return;
  }
  const ignored = ignore().add(files.text('.dvcignore') ?? '');
  const folders = ['.'];
  for (let at = 0; at < folders.length && at < foldersAtMost; at++) {
    const folder = folders[at] ?? '.';
    if (folder !== '.' && isOutput(folder)) continue;
    const entries = files.entries(folder);
    const tracked = new Set(
      entries.flatMap(({ name }) => (name.endsWith('.dvc') ? [name.slice(0, -'.dvc'.length)] : [])),
    );
    if (folder !== '.' && entries.some(({ name }) => name === 'pyvenv.cfg')) continue;
    const inside: string[] = [];
    for (const entry of entries) {
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) {
        const isData = tracked.has(entry.name) || entry.name.startsWith('.') || neverIn.has(entry.name);
        if (!isData && !ignored.ignores(`${path}/`)) inside.push(path);
      } else if (ignored.ignores(path)) continue;
      else if (entry.name === dvcPipelineFile) yield { kind: 'pipeline', path };
      else if (entry.name.endsWith('.dvc') && entry.name !== '.dvc') yield { kind: 'source', path };
    }
    folders.push(...inside);
  }
}
