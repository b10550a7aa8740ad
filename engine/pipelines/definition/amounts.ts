import type { YamlValue } from './read-yaml.ts';

const timeUnits: Readonly<Record<string, number>> = {
  '': 1000,
  ms: 1,
  s: 1000,
  sec: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const sizeUnits: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `30 s`, `5min`, `1.5 h`; a plain number is seconds. In ms; null where it is no time. */
export const timeMs = (value: YamlValue): number | null => withUnit(value, timeUnits);

/** `4 GB` (of a thousand), `512 MiB` or `512M` (of 1024); a plain number is bytes. Null where it is no size. */
export const sizeBytes = (value: YamlValue): number | null => withUnit(value, sizeUnits);

/** A number that is not negative; null for anything else. */
export const amount = (value: YamlValue): number | null => withUnit(value, { '': 1 });

function withUnit(value: YamlValue, units: Readonly<Record<string, number>>): number | null {
  const written =
    typeof value === 'string'
      ? value
      : typeof value === 'bigint' || typeof value === 'number'
        ? String(value)
        : '';
  const [, count, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(written) ?? [];
  const factor = units[unit.toLowerCase()];
  return count === undefined || factor === undefined ? null : Number(count) * factor;
}
