import type { YamlMap, YamlValue } from './read-yaml.ts';

/** The values in a map by dotted names; lists are one value, empty maps none. */
export function* flatEntries(map: YamlMap, before = ''): Generator<[name: string, value: YamlValue]> {
  for (const [key, value] of Object.entries(map)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      yield* flatEntries(value as YamlMap, `${before}${key}.`);
    else yield [before + key, value];
  }
}
