import type { YamlMap, YamlValue } from './read-yaml.ts';
import { scalarText } from './template-text.ts';

/**
 * The constants of a Python file as DVC reads them for params: `name = literal` at the top, in classes (`Train.lr`), and
 * `self.name = literal` in their `__init__`. Whatever is no literal is passed over.
 */
export function readPythonValues(text: string): YamlMap {
  const values: Record<string, YamlValue> = {};
  /** The class or `__init__` that the line stands in, the innermost last. */
  let blocks: { indent: number; into: Record<string, YamlValue>; isInit: boolean }[] = [];
  let deaf: number | null = null; // the indentation of a function whose lines do not count
  for (const { indent, line } of logicalLines(text)) {
    if (deaf !== null && indent > deaf) continue;
    deaf = null;
    blocks = blocks.filter((block) => block.indent < indent);
    const block = blocks.at(-1);
    const into = block?.into ?? values;
    const opened = /^(class|def|async def)\s+(\w+)[^#]*:\s*(?:#.*)?$/.exec(line);
    if (opened !== null) {
      if (opened[1] === 'class') {
        const inner: Record<string, YamlValue> = {};
        into[opened[2] ?? ''] = inner;
        blocks.push({ indent, into: inner, isInit: false });
      } else if (opened[2] === '__init__' && opened[1] === 'def') blocks.push({ indent, into, isInit: true });
      else deaf = indent;
      continue;
    }
    // What stands in an `if` or a loop counts for Python alone.
    if (/^(if|for|while|with|try|else|elif|except|finally|match)\b.*:\s*(?:#.*)?$/.test(line)) {
      deaf = indent;
      continue;
    }
    const assigned = /^(self\.)?([A-Za-z_]\w*)\s*(?::[^=]+)?=(?!=)\s*(.+)$/s.exec(line);
    if (assigned === null || (assigned[1] !== undefined) !== (block?.isInit ?? false)) continue;
    const literal = readLiteral(assigned[3] ?? '');
    if (literal !== undefined) into[assigned[2] ?? ''] = literal;
  }
  return values;
}

/** Lines with what is open in brackets or triple quotes joined to them. */
function* logicalLines(text: string): Generator<{ indent: number; line: string }> {
  let held = '';
  for (const line of text.split(/\r?\n/)) {
    held = held === '' ? line : `${held}\n${line}`;
    if (isOpen(held)) continue;
    const body = held.trim();
    if (body !== '' && !body.startsWith('#'))
      yield { indent: held.length - held.trimStart().length, line: body };
    held = '';
  }
}

const token =
  /"""[\s\S]*?"""|'''[\s\S]*?'''|"""|'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|#[^\n]*|[[\](){}]|\\\n/g;

function isOpen(text: string): boolean {
  let depth = 0;
  for (const [found] of text.matchAll(token)) {
    if (found === '"""' || found === "'''") return true;
    if ('[({'.includes(found)) depth += 1;
    else if ('])}'.includes(found)) depth -= 1;
  }
  return depth > 0;
}

/** The value of a literal; undefined for anything else. */
function readLiteral(text: string): YamlValue | undefined {
  let at = 0;
  const skip = () => {
    at += /^(?:\s|#[^\n]*(?:\n|$))*/.exec(text.slice(at))?.[0].length ?? 0;
  };
  const take = (pattern: RegExp): string | null => {
    const found = pattern.exec(text.slice(at))?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  const many = <Item>(end: string, item: () => Item | undefined): Item[] | undefined => {
    const items: Item[] = [];
    for (skip(); text[at] !== end; skip()) {
      const value = item();
      if (value === undefined) return undefined;
      items.push(value);
      skip();
      if (text[at] === ',') at += 1;
      else if (text[at] !== end) return undefined;
    }
    at += 1;
    return items;
  };
  const value = (): YamlValue | undefined => {
    skip();
    const string = take(
      /^[rbuRBU]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')/,
    );
    if (string !== null) return stringOf(string);
    const number = take(/^[-+]?(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][-+]?\d+)?)(?![\w.])/);
    if (number !== null) {
      const bare = number.replaceAll('_', '');
      if (!/^[-+]?(?:\d+|0[xX].*)$/.test(bare)) return Number(bare);
      const size = BigInt(bare.replace(/^[-+]/, ''));
      return bare.startsWith('-') ? -size : size;
    }
    const word = take(/^(?:True|False|None)\b/);
    if (word !== null) return word === 'None' ? null : word === 'True';
    const open = take(/^[[({]/);
    if (open === '[') return many(']', value);
    if (open === '(') {
      const items = many(')', value);
      return items?.length === 1 && !/,\s*\)$/.test(text.slice(0, at)) ? items[0] : items;
    }
    if (open !== '{') return undefined;
    const start = at;
    const pairs = many('}', () => {
      const key = value();
      skip();
      if (key === undefined || text[at] !== ':') return undefined;
      at += 1;
      const item = value();
      return item === undefined ? undefined : ([scalarText(key), item] as const);
    });
    if (pairs !== undefined) return Object.fromEntries(pairs);
    at = start;
    return many('}', value);
  };
  const result = value();
  skip();
  return at === text.length ? result : undefined;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

function stringOf(written: string): string {
  const [, prefix = '', body = ''] =
    /^([rbuRBU]?)(?:"""([\s\S]*)"""|'''([\s\S]*)'''|"([\s\S]*)"|'([\s\S]*)')$/
      .exec(written)
      ?.filter((part, index) => index < 2 || part !== undefined) ?? [];
  return prefix.toLowerCase() === 'r'
    ? body
    : body.replaceAll(/\\([\s\S])/g, (_, letter: string) => escapes[letter] ?? letter);
}
