import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipelineFiles, type Finding } from '../../contract/index.ts';

/** How far the walk goes: enough for a project, bounded for a whole disk. */
const maxDepth = 4;
const maxEntries = 20_000;
const maxFindings = 300;
const skipped = new Set([
  'node_modules',
  '__pycache__',
  '.git',
  '.dvc',
  '.ipynb_checkpoints',
  'site-packages',
]);

/** Walks a project's folder and names what Benchtop can work with. Reads only; never follows links. */
export async function findingsIn(projectPath: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  let entries = 0;
  const folders: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    // A folder that cannot be read has nothing to offer; the others still do.
    const children = await readdir(join(projectPath, folder.path), { withFileTypes: true }).catch(() => []);
    for (const child of children.toSorted((a, b) => a.name.localeCompare(b.name))) {
      if (++entries > maxEntries || findings.length >= maxFindings) return findings;
      const path = folder.path === '' ? child.name : `${folder.path}/${child.name}`;
      const found = child.isDirectory()
        ? folderFinding(child.name, path, children)
        : child.isFile()
          ? await fileFinding(projectPath, child.name, path)
          : null;
      if (found !== null) findings.push(found);
      const opaque = found !== null && child.isDirectory();
      if (child.isDirectory() && !opaque && !skipped.has(child.name) && folder.depth < maxDepth)
        folders.push({ path, depth: folder.depth + 1 });
    }
    const names = new Set(children.map((child) => child.name));
    if (names.has('pyvenv.cfg'))
      findings.push({ kind: 'environment', path: folder.path || '.', detail: 'virtual environment' });
  }
  return findings;
}

function folderFinding(name: string, path: string, siblings: readonly { name: string }[]): Finding | null {
  if (name === '.git') return { kind: 'git', path, detail: 'git repository' };
  if (name === 'mlruns') return { kind: 'mlruns', path, detail: 'runs of MLflow’s file store' };
  if (name === '.venv' || name === 'venv')
    return { kind: 'environment', path, detail: 'virtual environment' };
  if (name === 'wandb' && siblings.length > 0) return { kind: 'mlruns', path, detail: 'W&B runs' };
  return null;
}

async function fileFinding(projectPath: string, name: string, path: string): Promise<Finding | null> {
  if (name.startsWith('events.out.tfevents.'))
    return { kind: 'tensorboard', path, detail: 'TensorBoard events' };
  if (name === 'mlflow.db') return { kind: 'mlflow-db', path, detail: 'MLflow database' };
  if (pipelineFiles.some((file) => file === name)) return { kind: 'pipeline', path, detail: 'pipeline' };
  if (name === 'params.yaml') return { kind: 'params', path, detail: 'parameters' };
  if (
    [
      'requirements.txt',
      'environment.yml',
      'pyproject.toml',
      'uv.lock',
      'poetry.lock',
      'Pipfile',
      'renv.lock',
    ].includes(name)
  ) {
    return { kind: 'environment', path, detail: 'environment definition' };
  }
  if (name.endsWith('.ipynb')) return { kind: 'notebook', path, detail: 'notebook' };
  if (/\.(csv|tsv|parquet|jsonl|ndjson|feather|arrow)(\.gz)?$/.test(name))
    return { kind: 'data', path, detail: 'table' };
  if (/\.(py|R|jl)$/.test(name)) return scriptFinding(projectPath, path);
  return null;
}

/** A script is worth starting when it does something by itself: a main guard, an argument parser, a shebang or Rscript. */
async function scriptFinding(projectPath: string, path: string): Promise<Finding | null> {
  const text = await readFile(join(projectPath, path), 'utf8').catch(() => '');
  const starts = /__name__\s*==\s*['"]__main__['"]|argparse|^#!|commandArgs|ARGS\b/m.test(
    text.slice(0, 200_000),
  );
  return starts
    ? { kind: 'script', path, detail: text.includes('argparse') ? 'script with arguments' : 'script' }
    : null;
}
