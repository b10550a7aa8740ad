/** What is written into dvc.lock: a bigint is a whole number, a number one with a point. */
export type LockValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly LockValue[]
  | { readonly [key: string]: LockValue };

/** Lines are broken after so many columns, as ruamel.yaml does for DVC. */
const width = 80;

/**
 * YAML 1.2 in the very form in which DVC writes dvc.lock (ruamel.yaml, block style): lists at the level of their key, text plain
 * where it may be, else in single quotes, and in double ones where it holds a quote or a line's end.
 */
export function yamlLines(value: LockValue, indent: number): string[] {
  const pad = ' '.repeat(indent);
  if (isList(value))
    return value.flatMap((item) => {
      if (item === null) return `${pad}-`;
      if (!isBranch(item)) return `${pad}- ${scalarText(item, indent + 2, indent + 2)}`.split('\n');
      const [first = '', ...rest] = yamlLines(item, indent + 2);
      return [`${pad}- ${first.slice(indent + 2)}`, ...rest];
    });
  const entries: [string, LockValue][] =
    typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entries.flatMap(([name, inner]) => {
    const key = `${pad}${keyText(name)}:`;
    if (inner === null) return key;
    if (isBranch(inner)) return [key, ...yamlLines(inner, isList(inner) ? indent : indent + 2)];
    return `${key} ${scalarText(inner, key.length + 1, indent + 2)}`.split('\n');
  });
}

/** A name as the key of a map: never broken. */
export const keyText = (name: string): string => textOf(name, -Infinity, 0);

const isList = (value: LockValue): value is readonly LockValue[] => Array.isArray(value);
const isBranch = (value: LockValue): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

function scalarText(value: NonNullable<LockValue>, column: number, indent: number): string {
  if (typeof value === 'string') return textOf(value, column, indent);
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'object') return isList(value) ? '[]' : '{}';
  return String(value);
}

/** As Python's repr has it: `0.1`, `1.0`, `1e-05`, `1e+16`. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', power = ''] = value.toExponential().split('e');
    return `${digits}e${power.startsWith('-') ? '-' : '+'}${power.slice(1).padStart(2, '0')}`;
  }
  const text = String(value);
  if (text.includes('e')) return value.toFixed(20).replace(/0+$/, '');
  return text.includes('.') ? text : `${text}.0`;
}

/** What YAML 1.2 takes for something else than text. */
const otherKind =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|<<|=|[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;
/** No plain text: begins as something else of YAML does, or holds what ends it. */
const indicator = /^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[-?:](?:\s|$)|:(?:\s|$)|\s#/;
const special = /[^\n\x20-\x7e\x85\xa0-\ud7ff\ud800-\udfff\ue000-\ufffd]|\ufeff/;

function textOf(text: string, column: number, indent: number): string {
  const isPlain = !/^\s|\s$|[\n\x85\u2028\u2029]/.test(text) && !indicator.test(text) && !special.test(text);
  if (isPlain && !otherKind.test(text)) return plain(text, column, indent);
  const isSingle = !/['\n]/.test(text) && !special.test(text);
  return isSingle ? singleQuoted(text, column, indent) : doubleQuoted(text, column, indent);
}

/** Words and the spaces between them, in turn. */
const pieces = (text: string): string[] => text.match(/ +|[^ ]+/g) ?? [];

/** A word that does not fit goes to the next line; the space before it stays behind. */
function plain(text: string, start: number, indent: number): string {
  let [out, column] = ['', start];
  const breakLine = () => {
    out += `\n${' '.repeat(indent)}`;
    column = indent;
  };
  for (const piece of pieces(text)) {
    if (piece === ' ' && column >= width) {
      breakLine();
      continue;
    }
    if (!piece.startsWith(' ') && piece.length + column > width && column > indent) breakLine();
    out += piece;
    column += piece.length;
  }
  return out;
}

/** Broken at the first single space beyond the width. */
function singleQuoted(text: string, start: number, indent: number): string {
  let [out, column] = ["'", start + 1];
  const all = pieces(text);
  for (const [at, piece] of all.entries()) {
    if (piece === ' ' && column > width && at > 0 && at < all.length - 1) {
      out += `\n${' '.repeat(indent)}`;
      column = indent;
    } else {
      out += piece;
      column += piece.length;
    }
  }
  return `${out}'`;
}

const escapes: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
};

/**
 * Broken before a space beyond the width, or after an escape. The backslash before a line's end keeps the space from being
 * added; ruamel leaves it out where the next word is an ordinary one.
 */
function doubleQuoted(text: string, start: number, indent: number): string {
  let [out, column, from] = ['"', start + 1, 0];
  const write = (piece: string) => {
    out += piece;
    column += piece.length;
  };
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    const escape = char === undefined ? undefined : escapeOf(char);
    if (char === undefined || escape !== undefined) {
      write(text.slice(from, at));
      from = at;
      if (escape !== undefined) {
        write(escape);
        from = at + 1;
      }
    }
    const isBreakable = at > 0 && at < text.length - 1 && (char === ' ' || from >= at);
    if (!isBreakable || column + (at - from) <= width) continue;
    const isJoined = needsBackslash(text, from, at);
    write(text.slice(from, at) + (isJoined ? '\\' : ''));
    if (from < at) from = at;
    out += `\n${' '.repeat(indent)}`;
    column = indent;
    if (text[from] !== ' ') continue;
    if (isJoined) write('\\');
    else from += 1;
  }
  return `${out}"`;
}

function escapeOf(char: string): string | undefined {
  const known = escapes[char];
  if (known !== undefined) return `\\${known}`;
  if (!special.test(char)) return undefined;
  const code = char.charCodeAt(0);
  const hex = (digits: number) => code.toString(16).toUpperCase().padStart(digits, '0');
  return code <= 0xff ? `\\x${hex(2)}` : `\\u${hex(4)}`;
}

function needsBackslash(text: string, from: number, at: number): boolean {
  let space = text.indexOf(' ', at);
  if (space < 0) return true;
  const newLine = text.slice(at, space).indexOf('\n');
  if (newLine >= 0) space = at + newLine;
  const next = text[space + 1];
  if (next === undefined || (text[space] === '\n' && next !== ' ')) return true;
  const isOrdinary =
    !/["']/.test(text.slice(at, space)) &&
    next !== ' ' &&
    next !== '\n' &&
    text.slice(at - 1, at + 1) !== '  ' &&
    from !== at;
  return !isOrdinary;
}
