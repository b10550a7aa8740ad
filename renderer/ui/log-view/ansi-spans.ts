/** A stretch of text in one look. `colour` is one of the sixteen names of ANSI X3.64, or a CSS colour for the extended ones. */
export interface AnsiSpan {
  readonly text: string;
  readonly colour: string | null;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
// CSI and OSC sequences (ECMA-48); only SGR, which ends in "m", changes anything here.
// oxlint-disable-next-line no-control-regex
const sequence = /\u001B(?:\[([0-9;:]*)([ -/]*[@-~])|\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[@-Z\\^_])/g;

/** Splits a line at its escape sequences: colours and weights are kept, every other sequence is left out. */
export function ansiSpans(line: string): AnsiSpan[] {
  if (!line.includes('\u001B')) return [{ text: line, colour: null, isBold: false, isDim: false }];
  const spans: AnsiSpan[] = [];
  let look: Omit<AnsiSpan, 'text'> = { colour: null, isBold: false, isDim: false };
  let from = 0;
  for (const match of line.matchAll(sequence)) {
    if (match.index > from) spans.push({ text: line.slice(from, match.index), ...look });
    from = match.index + match[0].length;
    if (match[2] === 'm') look = afterCodes(look, (match[1] ?? '').split(/[;:]/).map(Number));
  }
  if (from < line.length) spans.push({ text: line.slice(from), ...look });
  return spans;
}

/** The same line without its escape sequences. */
export function withoutAnsi(line: string): string {
  return line.includes('\u001B') ? line.replaceAll(sequence, '') : line;
}

function afterCodes(before: Omit<AnsiSpan, 'text'>, codes: readonly number[]): Omit<AnsiSpan, 'text'> {
  let look = before;
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) look = { colour: null, isBold: false, isDim: false };
    else if (code === 1) look = { ...look, isBold: true };
    else if (code === 2) look = { ...look, isDim: true };
    else if (code === 22) look = { ...look, isBold: false, isDim: false };
    else if (code >= 30 && code <= 37) look = { ...look, colour: names[code - 30] ?? null };
    else if (code >= 90 && code <= 97) look = { ...look, colour: `bright-${names[code - 90] ?? 'white'}` };
    else if (code === 39) look = { ...look, colour: null };
    else if (code === 38 && codes[at + 1] === 5) {
      look = { ...look, colour: paletteColour(codes[at + 2] ?? 0) };
      at += 2;
    } else if (code === 38 && codes[at + 1] === 2) {
      look = { ...look, colour: `rgb(${codes.slice(at + 2, at + 5).join(' ')})` };
      at += 4;
    } else if (code === 48) at += codes[at + 1] === 5 ? 2 : 4;
  }
  return look;
}

/** The 256-colour palette of xterm: 16 names, a 6 × 6 × 6 cube, 24 greys. */
function paletteColour(index: number): string {
  if (index < 8) return names[index] ?? 'white';
  if (index < 16) return `bright-${names[index - 8] ?? 'white'}`;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (part: number) => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}
