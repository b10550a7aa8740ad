// Not `yaml`, which the rest of the house reads with: a definition of 500 stages takes its parser 90 to 180 ms, and this one's events
// 6 to 26 ms. They also tell where each value stands, and leave `1.0` and `1` apart, as DVC does.
import { scalarText } from './template-text.ts';
import { EVENT_ID, getScalarValue, parseEvents, SCALAR_STYLE, YAMLException, type Event } from 'js-yaml';

/** A whole number is a bigint and one with a point a number: text made of them differs (`1` and `1.0`). */
export type YamlValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };
export type YamlMap = { readonly [key: string]: YamlValue };

/** Where something begins, as offsets in the text. */
interface Place {
  readonly key: number;
  readonly value: number;
}
type Places = Map<object, Map<string | number, Place>>;

/** The places of `stages.name` are asked for in each file, deeper ones only where something is wrong. */
const placesToDepth = 2;

export interface YamlFile {
  readonly value: YamlValue;
  /** Where the value at a path stands, or the deepest part of the path that is there; `key` for its key. Counted from 1. */
  place(path: readonly (string | number)[], of?: 'key' | 'value'): { line: number; column: number };
}

export class YamlMistake extends Error {
  readonly line: number;
  readonly column: number;
  constructor(message: string, at: { line: number; column: number }) {
    super(message);
    this.line = at.line;
    this.column = at.column;
  }
}

/**
 * Reads YAML as DVC's reader (ruamel.yaml, YAML 1.2) takes it: merge keys, no key twice, one document. JSON is a part of it.
 * Throws a YamlMistake.
 */
export function readYaml(text: string): YamlFile {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const positionOf = (offset: number): { line: number; column: number } => {
    let [low, high] = [0, lineStarts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
  };
  const fail = (message: string, offset: number): never => {
    throw new YamlMistake(message, positionOf(offset));
  };
  const events = eventsOf(text, positionOf);
  const outer: Places = new Map();
  const value = compose(text, events, { places: outer, depth: placesToDepth, fail });
  let all: { value: YamlValue; places: Places } | null = null;
  const withAllPlaces = () => {
    const places: Places = new Map();
    return { value: compose(text, events, { places, depth: Infinity, fail }), places };
  };
  return {
    value,
    place(path, of = 'value') {
      const isOuter = path.length <= placesToDepth;
      const read = isOuter ? { value, places: outer } : (all ??= withAllPlaces());
      let here: Place = { key: 0, value: 0 };
      let node: YamlValue | undefined = read.value;
      for (const part of path) {
        const next: Place | undefined =
          typeof node === 'object' && node !== null ? read.places.get(node)?.get(part) : undefined;
        if (next === undefined) return positionOf(here.value);
        here = next;
        node = (node as { readonly [key: string | number]: YamlValue })[part];
      }
      return positionOf(here[of]);
    },
  };
}

function eventsOf(text: string, positionOf: (offset: number) => { line: number; column: number }): Event[] {
  try {
    return parseEvents(text, { maxDepth: 200 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new YamlMistake(error.reason, positionOf(error.mark?.position ?? 0));
  }
}

/** Makes the value out of the parser's events, and notes where the parts of it stand that lie at most `depth` deep. */
function compose(
  text: string,
  events: readonly Event[],
  {
    places,
    depth,
    fail,
  }: { places: Places; depth: number; fail: (message: string, offset: number) => never },
): YamlValue {
  const anchors = new Map<string, YamlValue>();
  let at = 0;
  let offset = 0;
  let level = 0;
  const node = (): YamlValue => {
    const event = events[at++];
    if (event === undefined || event.type === EVENT_ID.DOCUMENT || event.type === EVENT_ID.POP) return null;
    if (event.type === EVENT_ID.ALIAS) {
      offset = event.anchorStart;
      const name = text.slice(event.anchorStart, event.anchorEnd);
      return anchors.get(name) ?? (anchors.has(name) ? null : fail(`There is no anchor &${name}.`, offset));
    }
    let made: YamlValue;
    if (event.type === EVENT_ID.SCALAR) {
      offset = event.valueStart;
      const tag = text.slice(event.tagStart, event.tagEnd);
      const content = event.valueStart < 0 ? '' : getScalarValue(text, event);
      made = event.style === SCALAR_STYLE.PLAIN && !tag.endsWith('str') ? plainScalar(content) : content;
      if (offset < 0) offset = Math.max(event.anchorStart, event.tagStart, 0);
    } else if (event.type === EVENT_ID.SEQUENCE) {
      made = sequence(event.start);
    } else {
      made = mapping(event.start);
    }
    if (event.anchorStart >= 0) anchors.set(text.slice(event.anchorStart, event.anchorEnd), made);
    return made;
  };
  const sequence = (start: number): YamlValue[] => {
    const items: YamlValue[] = [];
    level += 1;
    const placed = level > depth ? null : new Map<string | number, Place>();
    while (events[at]?.type !== EVENT_ID.POP) {
      const value = node();
      placed?.set(items.length, { key: offset, value: offset });
      items.push(value);
    }
    at += 1;
    level -= 1;
    offset = start;
    if (placed !== null) places.set(items, placed);
    return items;
  };
  const mapping = (start: number): YamlMap => {
    const map: Record<string, YamlValue> = {};
    level += 1;
    const placed = level > depth ? null : new Map<string | number, Place>();
    const merged: YamlValue[] = [];
    while (events[at]?.type !== EVENT_ID.POP) {
      const keyEvent = events[at];
      const isMerge =
        keyEvent?.type === EVENT_ID.SCALAR &&
        keyEvent.style === SCALAR_STYLE.PLAIN &&
        text.slice(keyEvent.valueStart, keyEvent.valueEnd) === '<<';
      const key = keyText(node());
      const keyOffset = offset;
      if (key === null) return fail('A key must be a text.', keyOffset);
      const value = node();
      if (isMerge) {
        merged.push(...(Array.isArray(value) ? (value as YamlValue[]) : [value]));
        continue;
      }
      if (Object.hasOwn(map, key)) return fail(`The key "${key}" is there twice.`, keyOffset);
      // A value that is left out has no place of its own.
      placed?.set(key, { key: keyOffset, value: Math.max(offset, keyOffset) });
      if (key === '__proto__') continue;
      map[key] = value;
    }
    at += 1;
    level -= 1;
    offset = start;
    for (const source of merged) {
      if (typeof source !== 'object' || source === null || Array.isArray(source))
        return fail('Only a map can be merged by <<.', start);
      for (const [key, value] of Object.entries(source as YamlMap))
        if (!Object.hasOwn(map, key)) map[key] = value;
    }
    if (placed !== null) places.set(map, placed);
    return map;
  };

  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
  if (documents > 1) return fail('The file holds more than one document.', 0);
  if (documents === 0) return null;
  at = 1;
  return events[1]?.type === EVENT_ID.POP ? null : node();
}

function keyText(key: YamlValue): string | null {
  return typeof key === 'object' && key !== null ? null : scalarText(key);
}

const whole = /^[-+]?(?:0b[01_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/;
const real =
  /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/;

/** What a text without quotes stands for (YAML 1.2 with the underscores that ruamel.yaml takes). */
function plainScalar(text: string): YamlValue {
  if (/^(?:~|null|Null|NULL|)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (!/^[-+.0-9]/.test(text)) return text;
  const bare = text.replaceAll('_', '');
  if (whole.test(text)) {
    const size = BigInt(bare.replace(/^[-+]/, ''));
    return bare.startsWith('-') ? -size : size;
  }
  if (real.test(text)) return Number(bare);
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(text) ? Number.NaN : text;
}
