/** One line of a console log. */
export interface LogLine {
  /** Byte offset of its start in the whole log: its identity, whatever is loaded around it. */
  readonly offset: number;
  readonly text: string;
}

/**
 * The part of a log that is loaded: one run of bytes `[from, to)`, cut into lines. It grows at both ends. Bytes before the
 * first line break (when the log begins earlier) wait for their beginning; the unfinished last line is shown as it stands.
 */
export interface LogWindow {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly LogLine[];
  /** Bytes of a line whose beginning is not loaded, with its line break once that is. */
  readonly head: Uint8Array;
  /** Bytes after the last line break. */
  readonly tail: Uint8Array;
}

const decoder = new TextDecoder();
const lineFeed = 10;

export function emptyLogWindow(at: number): LogWindow {
  return { from: at, to: at, lines: [], head: new Uint8Array(), tail: new Uint8Array() };
}

/** The window with the bytes that follow it. Bytes it has already are passed over; after a gap it begins anew. */
export function appendToLog(window: LogWindow, offset: number, bytes: Uint8Array): LogWindow {
  if (offset > window.to) return appendToLog(emptyLogWindow(offset), offset, bytes);
  const fresh = bytes.subarray(Math.max(0, window.to - offset));
  if (fresh.length === 0) return window;
  const to = window.to + fresh.length;
  if (isHeadOpen(window)) {
    const joined = concat(window.head, fresh);
    const end = joined.indexOf(lineFeed);
    if (end < 0) return { ...window, to, head: joined };
    const { lines, rest } = cut(joined, end + 1, window.from);
    return { from: window.from, to, head: joined.slice(0, end + 1), lines, tail: joined.slice(rest) };
  }
  const joined = concat(window.tail, fresh);
  const { lines, rest } = cut(joined, 0, window.to - window.tail.length);
  return { ...window, to, lines: [...window.lines, ...lines], tail: joined.slice(rest) };
}

/** The window with the bytes that end where it begins. */
export function prependToLog(window: LogWindow, offset: number, bytes: Uint8Array): LogWindow {
  const joined = concat(bytes.subarray(0, window.from - offset), window.head);
  const start = offset === 0 ? 0 : joined.indexOf(lineFeed) + 1;
  if (offset > 0 && start === 0) return { ...window, from: offset, head: joined };
  const { lines, rest } = cut(joined, start, offset);
  return {
    ...window,
    from: offset,
    head: joined.slice(0, start),
    lines: [...lines, ...window.lines],
    // Empty unless the head was open: it ends with a line break otherwise.
    tail: concat(joined.slice(rest), window.tail),
  };
}

/** The lines to show: the whole ones, and the unfinished last one as it stands. */
export function shownLines(window: LogWindow): readonly LogLine[] {
  const unfinished = isHeadOpen(window) ? window.head : window.tail;
  if (unfinished.length === 0) return window.lines;
  return [
    ...window.lines,
    { offset: window.to - unfinished.length, text: collapseReturns(decoder.decode(unfinished)) },
  ];
}

/** True while the window begins inside a line whose end is not loaded either; all it holds is in `head` then. */
function isHeadOpen({ from, head }: LogWindow): boolean {
  return from > 0 && head.at(-1) !== lineFeed;
}

/**
 * What a terminal shows of a line with carriage returns: each return goes back to the start and what follows writes over what was
 * there, so a progress bar leaves its last state.
 */
export function collapseReturns(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (!text.includes('\r')) return text;
  let shown = '';
  for (const part of text.split('\r')) {
    // Colour codes take no room on screen; a part that has any replaces the line whole.
    shown =
      part.includes('\u001B') || shown.includes('\u001B')
        ? part === ''
          ? shown
          : part
        : part + shown.slice(part.length);
  }
  return shown.trimEnd();
}

function cut(bytes: Uint8Array, start: number, baseOffset: number) {
  const lines: LogLine[] = [];
  let at = start;
  for (let end = bytes.indexOf(lineFeed, at); end >= 0; end = bytes.indexOf(lineFeed, at)) {
    lines.push({ offset: baseOffset + at, text: collapseReturns(decoder.decode(bytes.subarray(at, end))) });
    at = end + 1;
  }
  return { lines, rest: at };
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const joined = new Uint8Array(one.length + other.length);
  joined.set(one);
  joined.set(other, one.length);
  return joined;
}
