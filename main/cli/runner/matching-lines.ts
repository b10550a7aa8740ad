import { stripVTControlCharacters } from 'node:util';

export interface Line {
  /** From 1. A carriage return ends a line too: each state of a progress bar is one. */
  readonly number: number;
  readonly text: string;
}

/** A line longer than this is looked at in parts, so that output without a line's end cannot fill the memory. */
const lineCharactersAtMost = 1024 * 1024;

/** The lines in which the pattern is found, colours left out of account, while the bytes come in. Memory is constant. */
export async function* matchingLines(
  chunks: AsyncIterable<Uint8Array>,
  pattern: RegExp,
): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let number = 0;
  let rest = '';
  const matches = (text: string) =>
    pattern.test(text.includes('\u001B') ? stripVTControlCharacters(text) : text);
  const look = (text: string): Line[] => {
    number += 1;
    return matches(text) ? [{ number, text }] : [];
  };
  for await (const bytes of chunks) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(lineEnd);
    rest = lines.pop() ?? '';
    for (const line of lines) yield* look(line);
    // A carriage return may be the first half of the line's end that the next chunk brings.
    while (rest.length > lineCharactersAtMost) {
      yield* look(rest.slice(0, lineCharactersAtMost));
      rest = rest.slice(lineCharactersAtMost);
    }
  }
  rest += decoder.decode();
  for (const line of rest.split(lastLineEnd)) if (line !== '') yield* look(line);
}

/** A carriage return at the very end is left alone: a newline may follow. */
const lineEnd = /\r?\n|\r(?!\n|$)/;
const lastLineEnd = /\r/;
