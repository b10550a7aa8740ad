import { isMap, scalarText, templateText, type ParsingStyle } from './template-text.ts';
import type { YamlMap, YamlValue } from './read-yaml.ts';

/** A template that cannot be filled: what is wrong with it and what mends it. */
export class TemplateMistake extends Error {
  readonly fix: string;
  constructor(message: string, fix: string) {
    super(message);
    this.fix = fix;
  }
}

const template = /(?<!\\)\$\{(.*?)\}/g;
const expression = /^[^.[\]]+(?:\.[^.[\]]+|\[[^.[\]]+\])*$/;

/** True for a text with a `${…}` that is not escaped. */
export const hasTemplate = (text: string): boolean => text.search(template) >= 0;

/**
 * Fills `${name}`, `${list[0]}` and `${map.key}` wherever text stands in a value, keys included, as DVC does: a text that is one
 * template becomes the value itself, `\${` becomes `${`. `filledBy` says what may be named: single values, in `commands`
 * also maps, which become arguments, or `anything` (the data of foreach and matrix).
 *
 * A text that cannot be filled stays as it is and goes to `onMistake` with its path.
 */
export function fillTemplates(
  value: YamlValue,
  options: {
    values: YamlMap;
    style: ParsingStyle;
    filledBy: 'scalars' | 'commands' | 'anything';
    onMistake: (path: readonly (string | number)[], mistake: TemplateMistake) => void;
  },
  path: readonly (string | number)[] = [],
): YamlValue {
  const { values, style, filledBy, onMistake } = options;
  const valueOf = (name: string): YamlValue => {
    const found = lookUp(values, name);
    const isFine =
      typeof found !== 'object' ||
      found === null ||
      filledBy === 'anything' ||
      (filledBy === 'commands' && isMap(found));
    if (isFine) return found;
    const kind = Array.isArray(found) ? 'list' : 'map';
    throw new TemplateMistake(
      `\${${name}} is a ${kind}, and only a single value can stand here.`,
      `Name a value in the ${kind}.`,
    );
  };
  /** What stands for `${name}`; null where nothing does, which is told. */
  const valueAt = (name: string, at: readonly (string | number)[]): { value: YamlValue } | null => {
    try {
      return { value: valueOf(name) };
    } catch (error) {
      if (!(error instanceof TemplateMistake)) throw error;
      onMistake(at, error);
      return null;
    }
  };
  const fill = (text: string, at: readonly (string | number)[]): YamlValue => {
    if (!text.includes('${')) return text;
    const [only] = text.matchAll(template);
    if (only?.[0] === text) {
      const found = valueAt(only[1] ?? '', at);
      if (found === null) return text;
      if (filledBy !== 'commands' || !isMap(found.value)) return found.value;
      onMistake(
        at,
        new TemplateMistake(
          `${text} is a map: it makes arguments, and no command.`,
          'Write the program before it.',
        ),
      );
      return text;
    }
    const filled = text.replaceAll(template, (whole, name: string) => {
      const found = valueAt(name, at);
      if (found === null) return whole;
      const written = templateText(found.value, style);
      if (written === null)
        onMistake(at, new TemplateMistake(`\${${name}} holds a list in a list.`, 'Name a value in it.'));
      return written ?? whole;
    });
    return filled.replaceAll('\\${', '${');
  };
  const walk = (node: YamlValue, at: readonly (string | number)[]): YamlValue => {
    if (typeof node === 'string') return fill(node, at);
    if (Array.isArray(node)) return (node as YamlValue[]).map((item, index) => walk(item, [...at, index]));
    if (!isMap(node)) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, item]) => {
        const filled = fill(key, [...at, key]);
        return [scalarText(filled), walk(item, [...at, key])];
      }),
    );
  };
  return walk(value, path);
}

/** The value at `train.lr` or `layers[0].size`. Throws a TemplateMistake where there is none. */
function lookUp(values: YamlMap, written: string): YamlValue {
  if (!expression.test(written.trim()))
    throw new TemplateMistake(
      `\${${written}} is no name of a value.`,
      "Write ${name}, ${map.key} or ${list[0]}; write \\${ for the shell's own.",
    );
  let node: YamlValue = values;
  for (const part of written.replaceAll('[', '.').replaceAll(']', '').split('.')) {
    const key = part.trim();
    let next: YamlValue | undefined;
    if (Array.isArray(node) && /^-?\d+$/.test(key)) next = (node as YamlValue[]).at(Number(key));
    else if (isMap(node) && Object.hasOwn(node, key)) next = node[key];
    if (next === undefined) throw noValue(written);
    node = next;
  }
  return node;
}

const noValue = (name: string): TemplateMistake =>
  new TemplateMistake(
    `\${${name}} has no value.`,
    `Add ${name} to params.yaml or to \`vars\`; write \\\${${name}} if the shell is to fill it.`,
  );
