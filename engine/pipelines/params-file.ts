import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../is-missing.ts';
import { readConfig } from '../read-config.ts';
import { pythonConstants } from './definition/index.ts';

/** The content of a YAML, JSON, TOML or Python file of parameters; undefined where there is no such file. */
export async function readParamsFile(projectPath: string, file: string): Promise<unknown> {
  try {
    const text = await readFile(join(projectPath, file), 'utf8');
    return file.endsWith('.py') ? pythonConstants(text) : readConfig(file, text);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The value at a dotted path, such as `train.lr` or `layers.0.size`; undefined where there is none. */
export function valueAt(content: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, key) => {
    if (typeof node !== 'object' || node === null) return undefined;
    return Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined;
  }, content);
}
