import { flatEntries } from './flat-entries.ts';
import type { YamlMap, YamlValue } from './read-yaml.ts';

/** How a map becomes arguments of a command; DVC's `[parsing]` in `.dvc/config`. */
export interface ParsingStyle {
  /** `false`: nothing, or `--no-name`. */
  readonly bool: 'store_true' | 'boolean_optional';
  /** A list: `--name a b`, or `--name a --name b`. */
  readonly list: 'nargs' | 'append';
}
export const defaultParsingStyle: ParsingStyle = { bool: 'store_true', list: 'nargs' };

/**
 * A value as DVC writes it into a command: a map becomes arguments, `--lr 0.1 --net.depth 3`; null for one with a list that holds
 * a list or a map.
 */
export function templateText(value: YamlValue, style: ParsingStyle): string | null {
  return isMap(value) ? argumentsText(value, style) : scalarText(value);
}

/** A single value as DVC writes it: as Python prints it (`1.0`, `1e-05`, `None`), but `true` and `false`. */
export function scalarText(value: YamlValue): string {
  return typeof value === 'boolean' ? String(value) : pythonText(value);
}

function argumentsText(map: YamlMap, style: ParsingStyle): string | null {
  const words: string[] = [];
  for (const [name, value] of flatEntries(map)) {
    if (typeof value === 'boolean') {
      if (value) words.push(`--${name}`);
      else if (style.bool === 'boolean_optional') words.push(`--no-${name}`);
    } else if (Array.isArray(value)) {
      for (const [at, item] of (value as YamlValue[]).entries()) {
        if (typeof item === 'object' && item !== null) return null;
        if (at === 0 || style.list === 'append') words.push(`--${name}`);
        words.push(argument(item));
      }
    } else {
      words.push(`--${name}`, argument(value));
    }
  }
  return words.join(' ');
}

const argument = (value: YamlValue): string =>
  typeof value === 'string' ? quoted(value) : pythonText(value);

/** As the shell takes it for one word (Python's shlex.quote). */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

function pythonText(value: YamlValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return floatText(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** A float as Python prints it: the shortest digits that read back, with an exponent below 1e-4 and from 1e16 on. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const [mantissa = '0', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  const digits = mantissa.replace(/[-.]/g, '');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const before = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${before}.${digits.slice(exponent + 1) || '0'}`;
}

export function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
