const newline = 0x0a;
const carriageReturn = 0x0d;
const maxSilentShapes = 20_000;

/** The lines of a chunk, one after the other. */
export interface LineScan {
  /** Where the line that begins at `start` ends: at its newline or carriage return, or at the end of the chunk. */
  endOf(start: number): number;
  /**
   * A number of 53 bits that is the same for lines that differ in their digits only; two others hardly ever share one. Null for
   * a line that cannot say anything: a measure holds a digit, `=`, `:` or a tab, the heading of a table two spaces in a row.
   */
  shapeOf(start: number, stop: number): number | null;
}

/**
 * Looks at the first `end` bytes of a chunk. Most output is passed over: line ends are found by the search that Node has for bytes,
 * and shapes are summed up four bytes at a time, so that a log costs a few nanoseconds a byte.
 */
export function scanLines(chunk: Buffer, end: number): LineScan {
  const bytes = chunk.subarray(0, end);
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  let nextNewline = -1;
  let nextReturn = -1;
  const next = (byte: number, from: number) => {
    const at = bytes.indexOf(byte, from);
    return at < 0 ? end : at;
  };
  return {
    endOf(start) {
      if (nextNewline < start) nextNewline = next(newline, start);
      if (nextReturn < start) nextReturn = next(carriageReturn, start);
      return Math.min(nextNewline, nextReturn);
    },
    shapeOf: (start, stop) => shapeOfLine(view, start, stop),
  };
}

/** The highest bit of each of four bytes. */
const highBits = 0x80808080 | 0;

/**
 * Two multiplicative sums over words of four bytes, in which every digit stands for 0. Bytes are compared four at a time: with its
 * highest bit set, a byte stays at or above 0x80 after `- c` exactly when its lower seven bits were at least c, and no byte borrows
 * from its neighbour (Hacker's Delight, 6-1).
 */
function shapeOfLine(view: DataView, start: number, stop: number): number | null {
  let high = 0x811c9dc5 | 0;
  let low = 0x2f0b4a27 | 0;
  let speaking = 0;
  let blankBefore = 0;
  for (let at = start; at < stop; at += 4) {
    const word = at + 4 <= stop ? view.getInt32(at, true) : lastWord(view, at, stop);
    const raised = word | highBits;
    const ascii = ~word & highBits;
    const fromZero = (raised - 0x30303030) | 0;
    const digits = fromZero & ~(raised - 0x3a3a3a3a) & ascii;
    const blanks = (raised - 0x20202020) & ~(raised - 0x21212121) & ascii;
    const tabs = (raised - 0x09090909) & ~(raised - 0x0a0a0a0a) & ascii;
    // From 0 to = without a hole: that takes in ; and <, which costs a look and loses nothing.
    const signs = fromZero & ~(raised - 0x3e3e3e3e) & ascii;
    speaking |= signs | tabs | (blanks & ((blanks << 8) | blankBefore));
    blankBefore = blanks >>> 24;
    const value = word & ~((digits >>> 7) * 0x0f);
    high = Math.imul(high ^ value, 0x01000193);
    high ^= high >>> 15;
    low = Math.imul(low ^ value, 0x85ebca6b);
    low ^= low >>> 13;
  }
  return speaking === 0 ? null : (high >>> 0) * 0x200000 + (low >>> 11);
}

/** Up to three bytes; the missing ones are 0, which no text holds. */
function lastWord(view: DataView, start: number, stop: number): number {
  let word = 0;
  for (let at = start; at < stop; at++) word |= view.getUint8(at) << ((at - start) * 8);
  return word;
}

/** Shapes of lines in which the parser found nothing: a log repeats few shapes a million times. */
export interface SilentShapes {
  has(shape: number): boolean;
  add(shape: number): void;
}

export function silentShapes(): SilentShapes {
  const shapes = new Set<number>();
  return {
    has: (shape) => shapes.has(shape),
    add(shape) {
      if (shapes.size >= maxSilentShapes) shapes.clear();
      shapes.add(shape);
    },
  };
}
