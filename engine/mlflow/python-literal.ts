/**
 * Reads a list of texts in the way of Python's `ast.literal_eval`, with which MLflow reads the brackets behind IN: single
 * or double quotes with backslash escapes, neighbours without a comma are one text, a comma may stand at the end.
 */
export function readTexts(text: string): string[] | 'empty' | 'ill-formed' | 'not texts' {
  const words = [...text.matchAll(wordPattern)].map(([word]) => word).filter((word) => word.trim() !== '');
  if (words[0] !== '(' || words.at(-1) !== ')') return 'ill-formed';
  const inner = words.slice(1, -1);
  if (inner.length === 0) return 'empty';
  const texts: string[] = [];
  let isAfterText = false;
  let hasOthers = false;
  for (const word of inner) {
    if (word === ',') {
      if (!isAfterText) return 'ill-formed';
      isAfterText = false;
    } else if (/^['"]./.test(word)) {
      const read = word
        .slice(1, -1)
        .replaceAll(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
      if (isAfterText) texts.push((texts.pop() ?? '') + read);
      else texts.push(read);
      isAfterText = true;
    } else if (/^[-+]?\d|^None$|^True$|^False$|^[()]$/.test(word)) {
      hasOthers = true;
      isAfterText = true;
    } else return 'ill-formed';
  }
  return hasOthers ? 'not texts' : texts;
}

const wordPattern = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|[(),]|[-+]?[\w.]+|\s+|./gsu;
const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** The number that Python's `float()` makes of a text, or null where it makes none. */
export function readFloat(text: string): number | null {
  const plain = text
    .trim()
    .toLowerCase()
    .replaceAll(/(?<=\d)_(?=\d)/g, '');
  if (/^[-+]?(inf|infinity)$/.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
  if (/^[-+]?nan$/.test(plain)) return Number.NaN;
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(plain) ? Number(plain) : null;
}
