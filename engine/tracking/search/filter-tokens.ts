/** A piece of a filter, with where it stands in it. */
export interface FilterToken {
  readonly kind: 'word' | 'quoted' | 'operator' | 'open' | 'close' | 'comma';
  readonly start: number;
  readonly end: number;
  /** Of a word: as written; of a quoted text: without its quotes. */
  readonly text: string;
  /** Of a word with a dot: what stands before the first dot, and after it without quotes or backticks. */
  readonly before: string | null;
  readonly name: string;
}

const operator = />=|<=|!=|==|=|<|>|~/y;
/** An apostrophe inside a word belongs to it. */
const bare = /[^\s()<>=!~,"'`][^\s()<>=!~,"`]*/y;
const closing: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`' };

/** Cuts a filter into pieces; never fails. A quote that is not closed reaches to the end, as while one types. */
export function filterTokens(filter: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  while (at < filter.length) {
    const character = filter[at] ?? '';
    if (/[\s;]/.test(character)) {
      at++;
      continue;
    }
    const single = ({ '(': 'open', ')': 'close', ',': 'comma' } as const)[character];
    const token =
      single === undefined
        ? (operatorAt(filter, at) ?? wordAt(filter, at))
        : plain(single, character, at, at + 1);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function operatorAt(filter: string, at: number): FilterToken | null {
  operator.lastIndex = at;
  const text = operator.exec(filter)?.[0];
  if (text === undefined) return null;
  return plain('operator', text === '==' ? '=' : text, at, at + text.length);
}

/** `params.lr`, `metrics.val/loss`, `params."a b"`, `` `Run name` ``, 'a text', or any run of letters. */
function wordAt(filter: string, at: number): FilterToken {
  const first = partAt(filter, at);
  if (first.isQuoted && filter[first.end] !== '.') {
    if (filter[at] === '`') return { ...plain('word', first.text, at, first.end) };
    return plain('quoted', first.text, at, first.end);
  }
  if (first.isQuoted) {
    const rest = partAt(filter, first.end + 1);
    return { ...plain('word', rest.text, at, rest.end), before: first.text };
  }
  const dot = first.text.indexOf('.');
  const isCut = dot >= 0 && dot === first.text.length - 1 && closing[filter[first.end] ?? ''] !== undefined;
  if (isCut) {
    const rest = partAt(filter, first.end);
    const text = filter.slice(at, rest.end);
    return {
      kind: 'word',
      start: at,
      end: rest.end,
      text,
      before: first.text.slice(0, dot),
      name: rest.text,
    };
  }
  return dot <= 0
    ? plain('word', first.text, at, first.end)
    : {
        ...plain('word', first.text, at, first.end),
        before: first.text.slice(0, dot),
        name: first.text.slice(dot + 1),
      };
}

function partAt(filter: string, at: number): { text: string; end: number; isQuoted: boolean } {
  const quote = closing[filter[at] ?? ''];
  if (quote === undefined) {
    bare.lastIndex = at;
    const text = bare.exec(filter)?.[0] ?? filter.slice(at, at + 1);
    return { text, end: at + Math.max(1, text.length), isQuoted: false };
  }
  // A quote written twice stands for itself.
  for (let end = at + 1; end < filter.length; end++) {
    if (filter[end] !== quote) continue;
    if (filter[end + 1] === quote) end++;
    else return { text: unescaped(filter.slice(at + 1, end), quote), end: end + 1, isQuoted: true };
  }
  return { text: unescaped(filter.slice(at + 1), quote), end: filter.length, isQuoted: true };
}

const unescaped = (text: string, quote: string) => text.replaceAll(quote + quote, quote);

const plain = (kind: FilterToken['kind'], text: string, start: number, end: number): FilterToken => ({
  kind,
  text,
  start,
  end,
  before: null,
  name: text,
});
