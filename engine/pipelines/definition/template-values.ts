import { posix } from 'node:path';
import { hasTemplate } from './fill-templates.ts';
import { readParams } from './params-file.ts';
import type { ProjectFiles } from './project-files.ts';
import type { YamlMap, YamlValue } from './read-yaml.ts';
import { isMap } from './template-text.ts';

/** What `${…}` may name, and where it was taken from. */
export interface TemplateValues {
  readonly values: YamlMap;
  /** By file: its keys that were taken; null for all of it. */
  readonly files: ReadonlyMap<string, readonly string[] | null>;
}
export const noValues: TemplateValues = { values: {}, files: new Map() };

/** A place in `vars`, with what is wrong there. */
export interface VarsMistake {
  readonly index: number;
  readonly file: string | null;
  readonly message: string;
  readonly fix: string;
}

/**
 * Adds `vars` to the values there are, as DVC does: a file (`file.yaml`, `file.yaml:key,key`) or a map of values. Maps are merged;
 * nothing is ever set twice. `reserved` are names that foreach and matrix fill.
 */
export function withVars(
  before: TemplateValues,
  vars: readonly YamlValue[],
  options: {
    files: ProjectFiles;
    folder: string;
    reserved: readonly string[];
    onMistake: (mistake: VarsMistake) => void;
  },
): TemplateValues {
  let values = before.values;
  const taken = new Map(before.files);
  for (const [index, entry] of vars.entries()) {
    const fail = (message: string, fix: string, file: string | null = null) =>
      options.onMistake({ index, file, message, fix });
    const merge = (added: YamlMap, source: string) => {
      const known = options.reserved.find((name) => Object.hasOwn(added, name));
      const twice = known === undefined ? firstClash(values, added, '') : null;
      if (known !== undefined)
        fail(`\`vars\` may not set "${known}" here: foreach and matrix do.`, 'Give it another name.');
      else if (twice === null) values = merged(values, added);
      else fail(`${source} sets "${twice}", which is set already.`, 'Remove one of the two.');
    };
    if (isMap(entry)) {
      if (containsTemplate(entry)) fail('`vars` may hold no ${…}.', 'Write the value itself.');
      else merge(entry, '`vars`');
      continue;
    }
    if (typeof entry !== 'string') continue; // told by the schema
    if (hasTemplate(entry)) {
      fail('`vars` may hold no ${…}.', 'Write the name of the file itself.');
      continue;
    }
    const [name, keyText] = splitOnce(entry, ':');
    const file = posix.normalize(posix.join(options.folder, name));
    const keys = keyText.split(',').filter((key) => key !== '');
    const earlier = taken.get(file);
    if (earlier === null && keys.length === 0) continue;
    if (
      earlier !== undefined &&
      (earlier === null || keys.length === 0 || keys.some((key) => earlier.includes(key)))
    ) {
      fail(
        `"${entry}" names values of ${file} that were taken before.`,
        'Name each file, or each key of it, once.',
      );
      continue;
    }
    const read = readParams(options.files, file);
    if ('mistake' in read) {
      fail(read.mistake, read.fix, file);
      continue;
    }
    const missing = keys.find((key) => !Object.hasOwn(read.values, key));
    if (missing !== undefined) {
      fail(`${file} has no "${missing}".`, `Add it there, or take it out of "${entry}".`);
      continue;
    }
    const chosen =
      keys.length === 0
        ? read.values
        : Object.fromEntries(keys.map((key) => [key, read.values[key] ?? null]));
    taken.set(file, keys.length === 0 ? null : [...(earlier ?? []), ...keys]);
    merge(chosen, file);
  }
  return { values, files: taken };
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function firstClash(into: YamlMap, added: YamlMap, before: string): string | null {
  for (const [key, value] of Object.entries(added)) {
    const there = Object.hasOwn(into, key) ? into[key] : undefined;
    if (there === undefined) continue;
    if (!isMap(there) || !isMap(value)) return before + key;
    const deeper = firstClash(there, value, `${before}${key}.`);
    if (deeper !== null) return deeper;
  }
  return null;
}

function merged(into: YamlMap, added: YamlMap): YamlMap {
  const result: Record<string, YamlValue> = { ...into };
  for (const [key, value] of Object.entries(added)) {
    const there = result[key];
    result[key] = isMap(there) && isMap(value) ? merged(there, value) : value;
  }
  return result;
}

function containsTemplate(value: YamlValue): boolean {
  if (typeof value === 'string') return hasTemplate(value);
  if (Array.isArray(value)) return (value as YamlValue[]).some(containsTemplate);
  return (
    isMap(value) && Object.entries(value).some(([key, item]) => hasTemplate(key) || containsTemplate(item))
  );
}
