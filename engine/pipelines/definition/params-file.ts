import { extname } from 'node:path';
import { parse as parseToml, TomlError } from 'smol-toml';
import type { ProjectFiles } from './project-files.ts';
import { readPythonValues } from './python-values.ts';
import { readYaml, YamlMistake, type YamlMap, type YamlValue } from './read-yaml.ts';
import { isMap } from './template-text.ts';

/** The file whose values a pipeline may name without naming the file (as DVC has it). */
export const defaultParamsFile = 'params.yaml';

export type ReadParams =
  | { readonly values: YamlMap }
  | {
      readonly mistake: string;
      readonly fix: string;
      readonly isMissing: boolean;
      readonly line: number;
      readonly column: number;
    };

const read = new WeakMap<ProjectFiles, Map<string, ReadParams>>();

/** The values in a YAML, JSON, TOML or Python file; read once however often it is asked for. */
export function readParams(files: ProjectFiles, path: string): ReadParams {
  const known = read.get(files) ?? new Map<string, ReadParams>();
  read.set(files, known);
  const before = known.get(path);
  if (before !== undefined) return before;
  const result = readNow(files, path);
  known.set(path, result);
  return result;
}

function readNow(files: ProjectFiles, path: string): ReadParams {
  const mistake = (
    what: string,
    fix: string,
    at = { line: 1, column: 1 },
    isMissing = false,
  ): ReadParams => ({
    mistake: what,
    fix,
    isMissing,
    line: at.line,
    column: at.column,
  });
  if (files.kind(path) === 'folder') return mistake(`${path} is a folder.`, 'Name a file of values.');
  const text = files.text(path);
  if (text === null)
    return mistake(`There is no file ${path}.`, `Create ${path}, or correct its name.`, undefined, true);
  try {
    const value = paramsOf(path, text);
    if (isMap(value)) return { values: value };
    return mistake(`${path} holds no map of names and values.`, 'Write `name: value` in it.');
  } catch (error) {
    if (error instanceof YamlMistake || error instanceof TomlError)
      return mistake(
        `${path} cannot be read: ${error.message.split('\n', 1)[0] ?? ''}`,
        'Correct it at this place.',
        error,
      );
    throw error;
  }
}

/** The content of a file of params by its name. Throws a YamlMistake or a TomlError. */
export function paramsOf(path: string, text: string): YamlValue {
  const kind = extname(path).toLowerCase();
  if (kind === '.toml') return ofToml(parseToml(text, { integersAsBigInt: true }));
  if (kind === '.py') return readPythonValues(text);
  return readYaml(text).value ?? {};
}

function ofToml(value: unknown): YamlValue {
  if (Array.isArray(value)) return value.map(ofToml);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ofToml(item)]));
  return value as YamlValue;
}
