import type { YamlMap, YamlValue } from './read-yaml.ts';

/** A value with whole numbers as numbers, for whoever knows one kind of them. Parts without any stay the same objects. */
export function plainNumbers(value: YamlValue | undefined): unknown {
  if (!holdsWholeNumber(value)) return value;
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return (value as readonly YamlValue[]).map(plainNumbers);
  return Object.fromEntries(Object.entries(value as YamlMap).map(([key, item]) => [key, plainNumbers(item)]));
}

function holdsWholeNumber(value: YamlValue | undefined): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint';
  return Object.values(value).some(holdsWholeNumber);
}
