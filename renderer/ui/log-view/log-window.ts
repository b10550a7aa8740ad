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
  /** Bytes that belong to a line whose beginning is not loaded. */
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
  const joined = concat(window.tail, fresh);
  let start = 0;
  let { head } = window;
  const tailAt = window.to - window.tail.length;
  if (window.from > 0 && window.to === window.from) {
    // The very first bytes, from the middle of the log: the line they begin in is not whole.
    const end = joined.indexOf(lineFeed);
    if (end >= 0) {
      head = joined.slice(0, end + 1);
      start = end + 1;
    }
  }
  const { lines, rest } = cut(joined, start, tailAt);
  return { from: window.from, to, head, lines: [...window.lines, ...lines], tail: joined.slice(rest) };
}

/** The window with the bytes that end where it begins. */
export function prependToLog(window: LogWindow, offset: number, bytes: Uint8Array): LogWindow {
  const joined = concat(bytes.subarray(0, window.from - offset), window.head);
  let start = 0;
  if (offset > 0) {
    const end = joined.indexOf(lineFeed);
    if (end < 0) return { ...window, from: offset, head: joined };
    start = end + 1;
  }
  const { lines, rest } = cut(joined, start, offset);
  const grown = { ...window, from: offset, head: joined.slice(0, start) };
  if (rest === joined.length) return { ...grown, lines: [...lines, ...window.lines] };
  // The window began inside a line that had no break for longer than a page: here is its beginning.
  const beginning = joined.slice(rest);
  const [first, ...others] = window.lines;
  if (first === undefined) return { ...grown, lines, tail: concat(beginning, window.tail) };
  const text = collapseReturns(decoder.decode(beginning) + first.text);
  return { ...grown, lines: [...lines, { offset: offset + rest, text }, ...others] };
}

/** The lines to show: the whole ones, and the unfinished last one as it stands. */
export function shownLines(window: LogWindow): readonly LogLine[] {
  if (window.tail.length === 0) return window.lines;
  return [...window.lines, { offset: window.to - window.tail.length, text: collapseReturns(decoder.decode(window.tail)) }];
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
    shown = part.includes('\u001B') || shown.includes('\u001B') ? (part === '' ? shown : part) : part + shown.slice(part.length);
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
