const mostLines = 20;
const mostLineLength = 400;

/** Keeps the end of what a process writes, however much that is. */
export interface LastLines {
  add(text: string): void;
  /** The last lines, oldest first, at most 20 of at most 400 characters. */
  text(): string;
}

export function createLastLines(): LastLines {
  let lines: string[] = [];
  let unfinished = '';
  return {
    add(text) {
      const parts = (unfinished + text).split('\n');
      unfinished = (parts.pop() ?? '').slice(0, mostLineLength);
      lines = [...lines, ...parts.map((line) => line.trimEnd().slice(0, mostLineLength))].slice(-mostLines);
    },
    text: () =>
      [...lines, unfinished]
        .filter((line) => line !== '')
        .slice(-mostLines)
        .join('\n'),
  };
}
