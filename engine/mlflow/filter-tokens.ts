/** The words of a filter: identifiers with their dots and quotes, texts, numbers, comparators, brackets. */
export interface Token {
  readonly kind:
    | 'identifier'
    /** Names joined by a sign, as in `metrics.val/loss` without backticks. */
    | 'operation'
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
    `(?<identifier>${part}(?:\\.${later})*(?:\\.(?=\\s|$))?)`,
    '(?<numbered>\\d+_[\\p{L}\\p{N}_]*)',
    // As in MLflow, a plus sign is no part of a number.
    '(?<float>-?(?:\\d+\\.\\d*|\\.\\d+|\\d+(?=[eE]))(?:[eE]-?\\d+)?)',
    '(?<integer>-?\\d+)',
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
  const words = [...filter.matchAll(tokenPattern)].flatMap((match): Token[] => {
    const [kind, text] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    if (kind === undefined || text === undefined || kind === 'space') return [];
    return [{ kind: (kind === 'numbered' ? 'identifier' : kind) as Token['kind'], text, start: match.index }];
  });
  const tokens: Token[] = [];
  for (let at = 0; at < words.length; at++) {
    const [left, sign, right] = [tokens.at(-1), words[at], words[at + 1]];
    if (sign === undefined) break;
    const joins =
      (left?.kind === 'identifier' || left?.kind === 'operation') &&
      sign.kind === 'other' &&
      /[-+/%&|^]/.test(sign.text) &&
      right?.kind === 'identifier' &&
      !isWord(left, 'AND');
    if (!joins) tokens.push(sign);
    else {
      const text = filter.slice(left.start, right.start + right.text.length);
      tokens.splice(-1, 1, { kind: 'operation', text, start: left.start });
      at++;
    }
  }
  return tokens;
}

/** Whether a token is this bare word, in any case. */
export const isWord = (token: Token | undefined, word: string): boolean =>
  token?.kind === 'identifier' && token.text.toUpperCase() === word;
