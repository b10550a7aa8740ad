import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { InterpreterKind } from '../../contract/index.ts';
import { isMissing } from '../is-missing.ts';

/** The folder of an environment, as its marker files tell it. */
export interface EnvironmentPrefix {
  readonly path: string;
  readonly kind: Extract<InterpreterKind, 'venv' | 'uv' | 'conda'>;
  /** True when the packages of the base interpreter are visible too. */
  readonly seesBasePackages: boolean;
}

/** The environment that a folder is; null for an ordinary one. `pyvenv.cfg` is PEP 405's, `conda-meta` conda's mark. */
export function environmentPrefix(path: string): EnvironmentPrefix | null {
  const settings = readText(join(path, 'pyvenv.cfg'));
  if (settings !== null) {
    return {
      path,
      kind: /^uv\s*=/m.test(settings) ? 'uv' : 'venv',
      seesBasePackages: /^include-system-site-packages\s*=\s*true\s*$/im.test(settings),
    };
  }
  return existsSync(join(path, 'conda-meta')) ? { path, kind: 'conda', seesBasePackages: false } : null;
}

/** The environment whose `bin` holds this interpreter; null for one of the system. The path's links are not followed. */
export function prefixOfInterpreter(path: string): EnvironmentPrefix | null {
  return environmentPrefix(dirname(dirname(path)));
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    // Unreadable is as good as not there: it cannot be used either way.
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EISDIR'))
      return null;
    throw error;
  }
}
