import { numberAt, type NumberAt } from './number-at.ts';
import { kindOfName } from './vocabulary.ts';

/** A named number as it stands in a line. */
export interface Token {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly isPercent: boolean;
  /** `=` without spaces speaks more clearly than the others. */
  readonly separator: '=' | ' = ' | ':' | ' ';
  readonly start: number;
  readonly end: number;
}

/** Words that, before a metric's name, belong to it: "Average loss", "val acc", "learning rate", "F1 score". */
const modifiers = new Set(
  `avg average mean total train training val valid validation test eval dev best final running batch macro micro weighted
  balanced roc learning grad log residual standard multiple adjusted cross f1 r2 silhouette brier jaccard`.split(
    /\s+/,
  ),
);
const identifier = /^[A-Za-z_][\w.@/'-]*$/;
const fraction = /(\d+)\/(\d+)(?=\s|$|,)/y;
const spaced = /([A-Za-z_][\w@./-]*)[ \t]+(?=[-+.\dnNiI])/g;

/** All named numbers of a line: `name=1`, `name = 1`, `name: 1`, and `name 1` where the name is a metric's. */
export function tokensIn(line: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; at++) {
    const character = line.charCodeAt(at);
    if (character !== 0x3d && character !== 0x3a) continue;
    const token = tokenAround(line, at);
    if (token === null) continue;
    tokens.push(token);
    at = token.end - 1;
  }
  return withSpaced(line, tokens);
}

function tokenAround(line: string, separatorAt: number): Token | null {
  const isEquals = line[separatorAt] === '=';
  // `==`, `>=`, `!=`, `::`, `:=`, `//` are something else.
  if ('=<>!+-*/:'.includes(line[separatorAt - 1] ?? ' ') || '=:/'.includes(line[separatorAt + 1] ?? ''))
    return null;
  let from = separatorAt + 1;
  while (from < line.length && from - separatorAt < 12 && (line[from] === ' ' || line[from] === '\t')) from++;
  const plain = numberAt(line, from);
  const number = plain ?? fractionAt(line, from);
  if (number === null) return null;
  let nameEnd = separatorAt;
  while (nameEnd > 0 && separatorAt - nameEnd < 12 && line[nameEnd - 1] === ' ') nameEnd--;
  const nameStart = wordStart(line, nameEnd);
  const name = line.slice(nameStart, nameEnd);
  if (name.length > 100 || !identifier.test(name)) return null;
  const whole = withModifiers(line, nameStart, name);
  if (plain === null && kindOfName(whole.name) !== 'metric') return null;
  const isTight = nameEnd === separatorAt && from === separatorAt + 1;
  return {
    name: whole.name,
    value: number.value,
    text: number.text,
    isPercent: number.isPercent,
    separator: isEquals ? (isTight ? '=' : ' = ') : ':',
    start: whole.start,
    end: number.end,
  };
}

/** "Accuracy: 9910/10000" is a share. */
function fractionAt(line: string, at: number): NumberAt | null {
  fraction.lastIndex = at;
  const found = fraction.exec(line);
  if (found === null || Number(found[2]) === 0) return null;
  return {
    value: Number(found[1]) / Number(found[2]),
    end: fraction.lastIndex,
    isPercent: false,
    text: found[0],
  };
}

function withSpaced(line: string, tokens: Token[]): Token[] {
  const added: Token[] = [];
  spaced.lastIndex = 0;
  for (let match = spaced.exec(line); match !== null; match = spaced.exec(line)) {
    const word = match[1] ?? '';
    const start = match.index;
    if (
      kindOfName(word) !== 'metric' ||
      tokens.some((token) => start < token.end && spaced.lastIndex > token.start)
    )
      continue;
    const number = numberAt(line, spaced.lastIndex);
    // A bare integer after a word is a count as often as a measure ("error 404", "Return 0").
    if (number === null || !/[.einEIN]/.test(number.text)) continue;
    const whole = withModifiers(line, start, word);
    added.push({
      ...whole,
      value: number.value,
      text: number.text,
      isPercent: number.isPercent,
      separator: ' ',
      end: number.end,
    });
  }
  return added.length === 0 ? tokens : [...tokens, ...added].toSorted((a, b) => a.start - b.start);
}

function withModifiers(line: string, start: number, name: string): { name: string; start: number } {
  let whole = name;
  let from = start;
  for (let words = 0; words < 3 && from > 1 && line[from - 1] === ' '; words++) {
    const previousStart = wordStart(line, from - 1);
    const previous = line.slice(previousStart, from - 1);
    if (previous.endsWith("'s")) return { name: `${previous.slice(0, -2)}/${whole}`, start: previousStart }; // LightGBM
    if (!modifiers.has(previous.toLowerCase())) break;
    whole = `${previous}_${whole}`;
    from = previousStart;
  }
  return { name: from === start ? name : whole.toLowerCase(), start: from };
}

function wordStart(line: string, end: number): number {
  let start = end;
  while (start > 0 && isNameCharacter(line.charCodeAt(start - 1))) start--;
  return start;
}

function isNameCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x2d && code <= 0x39) || // - . / digits
    code === 0x5f ||
    code === 0x40 ||
    code === 0x27
  );
}
