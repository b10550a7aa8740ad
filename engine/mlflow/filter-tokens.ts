/** The words of a filter: identifiers with their dots and quotes, texts, numbers, comparators, brackets. */
export interface Token {
  readonly kind:
    | 'identifier'
    | 'text'
    | 'integer'
    | 'float'
    | 'comparator'
    | 'open'
    | 'close'
    | 'comma'
    | 'semicolon'
    | 'other';
  /** As it stands in the filter, quotes included. */
  readonly text: string;
  readonly start: number;
}

const part = '(?:`[^`]*`|"[^"]*"|[\\p{L}_][\\p{L}\\p{N}_$]*)';
const later = '(?:`[^`]*`|"[^"]*"|\'[^\']*\'|[\\p{L}\\p{N}_][\\p{L}\\p{N}_$]*)';
const tokenPattern = new RegExp(
  [
    '(?<space>\\s+)',
    "(?<text>'(?:''|\\\\'|[^'])*')",
    `(?<identifier>${part}(?:\\.${later})*)`,
    '(?<float>[-+]?(?:\\d+\\.\\d*|\\.\\d+|\\d+(?=[eE]))(?:[eE][-+]?\\d+)?)',
    '(?<integer>[-+]?\\d+)',
    '(?<comparator>[<>=~!]+)',
    '(?<open>\\()',
    '(?<close>\\))',
    '(?<comma>,)',
    '(?<semicolon>;)',
    '(?<other>[^\\s])',
  ].join('|'),
  'gsu',
);

/** Never fails: what fits nothing is a token `other`. */
export function filterTokens(filter: string): Token[] {
  return [...filter.matchAll(tokenPattern)].flatMap((match) => {
    const [kind, text] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (kind === undefined || text === undefined || kind === 'space') return [];
    return [{ kind: kind as Token['kind'], text, start: match.index }];
  });
}

/** Whether a token is this bare word, in any case. */
export const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'identifier' && token.text.toUpperCase() === word;
