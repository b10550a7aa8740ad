import { fillTemplates, type TemplateMistake } from './fill-templates.ts';
import type { YamlMap, YamlValue } from './read-yaml.ts';
import { defaultParsingStyle, isMap, scalarText } from './template-text.ts';

/** A stage as written, with what `${item}` and `${key}` stand for in it. */
export interface WrittenStage {
  readonly name: string;
  readonly group: string | null;
  readonly body: YamlMap;
  /** Where the body stands below the entry in `stages`: `do` for foreach. */
  readonly path: readonly string[];
  readonly item: YamlMap;
}

type Mistake = (
  path: readonly (string | number)[],
  mistake: Pick<TemplateMistake, 'message' | 'fix'>,
) => void;

/**
 * The stages that an entry of `stages` stands for: itself, one for each item of `foreach` (`train@small`), or one for each
 * combination of a `matrix` (`train@small-0.1`), named as DVC names them.
 */
export function unfoldStages(
  name: string,
  entry: YamlMap,
  values: YamlMap,
  onMistake: Mistake,
): WrittenStage[] {
  let isFilled = true;
  const fill = (key: string): YamlValue =>
    fillTemplates(
      entry[key] ?? null,
      {
        values,
        style: defaultParsingStyle,
        filledBy: 'anything',
        onMistake(path, mistake) {
          isFilled = false;
          onMistake(path, mistake);
        },
      },
      [key],
    );
  if ('foreach' in entry) {
    const body = entry.do ?? null;
    if (!isMap(body)) return []; // told by the schema
    const over = fill('foreach');
    if (typeof over !== 'object' || over === null) {
      if (isFilled)
        onMistake(['foreach'], {
          message: '`foreach` needs a list or a map.',
          fix: 'Name a list or a map of values.',
        });
      return [];
    }
    return itemsOf(over, entry.foreach ?? null).map(([key, item]) => ({
      name: `${name}@${key}`,
      group: name,
      body,
      path: ['do'],
      item: isMap(over) ? { item, key } : { item },
    }));
  }
  if (!('matrix' in entry)) return [{ name, group: null, body: entry, path: [], item: {} }];
  const { matrix: _, ...body } = entry;
  const axes = fill('matrix');
  if (!isMap(axes)) return [];
  const written = entry.matrix ?? null;
  const lists: [axis: string, items: readonly YamlValue[], written: YamlValue][] = [];
  for (const [axis, list] of Object.entries(axes)) {
    if (Array.isArray(list))
      lists.push([axis, list as YamlValue[], isMap(written) ? (written[axis] ?? null) : written]);
    else if (isFilled)
      onMistake(['matrix', axis], {
        message: `"${axis}" of \`matrix\` needs a list.`,
        fix: 'Write or name a list.',
      });
  }
  if (lists.length < Object.keys(axes).length) return [];
  return combinations(lists).map(([key, item]) => ({
    name: `${name}@${key}`,
    group: name,
    body,
    path: [],
    item: { item, key },
  }));
}

/** A list of plain values is keyed by them, one that holds lists or maps by its places. The last of two with one key stays. */
function itemsOf(over: YamlMap | readonly YamlValue[], written: YamlValue): [string, YamlValue][] {
  if (isMap(over)) return Object.entries(over);
  const isPlain = !over.some((item) => typeof item === 'object' && item !== null);
  return [...new Map(over.map((item, at) => [isPlain ? wordOf(item, at, written) : String(at), item]))];
}

function combinations(
  axes: readonly (readonly [axis: string, items: readonly YamlValue[], written: YamlValue])[],
): [string, YamlMap][] {
  let found: { words: string[]; item: Record<string, YamlValue> }[] = [{ words: [], item: {} }];
  for (const [axis, list, written] of axes) {
    found = found.flatMap(({ words, item }) =>
      list.map((value, at) => ({
        words: [
          ...words,
          typeof value === 'object' && value !== null ? `${axis}${at}` : wordOf(value, at, written),
        ],
        item: { ...item, [axis]: value },
      })),
    );
  }
  return [...new Map(found.map(({ words, item }) => [words.join('-'), item]))];
}

/** A value in the name of a stage. DVC writes `true` for one that stands in the list, and `True` for one that a `${…}` stands for. */
function wordOf(value: YamlValue, at: number, written: YamlValue): string {
  const place = Array.isArray(written) ? (written as readonly YamlValue[])[at] : written;
  if (typeof value !== 'boolean' || typeof place !== 'string') return scalarText(value);
  return value ? 'True' : 'False';
}
