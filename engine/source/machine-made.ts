import type { BytePath } from './shown-path.ts';

const names = new Set([
  '__pycache__',
  'node_modules',
  'site-packages',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '.eggs',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.ipynb_checkpoints',
  '.cache',
  '.dvc',
  'mlruns',
  'mlartifacts',
  'wandb',
  'lightning_logs',
  '.Rproj.user',
]);

/** True for the name of a folder that programs make and can make again. */
export const isMachineMade = (name: string): boolean => names.has(name);

/** The outermost folder of a path that a program made; null when there is none. */
export function machineMadeFolder(path: BytePath): BytePath | null {
  const parts = path.split('/');
  const index = parts.slice(0, -1).findIndex(isMachineMade);
  return index === -1 ? null : parts.slice(0, index + 1).join('/');
}
