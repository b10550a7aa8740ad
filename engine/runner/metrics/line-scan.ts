const newline = 0x0a;
const carriageReturn = 0x0d;
/** A power of two. */
const silentPlaces = 32_768;

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

/** Each of four bytes: its highest bit, and the others. */
const highBits = 0x80808080 | 0;
const lowBits = 0x7f7f7f7f;
/** "0" in each of four bytes: `^` with it takes digits to 0 up to 9, and what follows them up to `=` to 10 up to 13. */
const zeros = 0x30303030;

/**
 * Bytes are looked at four at a time (Hacker's Delight, 6-1): of a byte below 0x80, `+ (0x7f - c)` sets the highest bit exactly
 * where it is greater than c, and no byte carries into its neighbour.
 */
function shapeOfLine(view: DataView, start: number, stop: number): number | null {
  return speaks(view, start, stop) ? sumOfLine(view, start, stop) : null;
}

/** Whether anything between 0 and =, a tab or two blanks are in it. That takes in ; and <, which costs a look and loses nothing. */
function speaks(view: DataView, start: number, stop: number): boolean {
  let blankBefore = 0;
  for (let at = start; at < stop; at += 4) {
    const word = wordAt(view, at, stop);
    const signs = word ^ zeros;
    const tabs = word ^ 0x09090909;
    const blanks = word ^ 0x20202020;
    const others = (((signs & lowBits) + 0x72727272) | signs) & (((tabs & lowBits) + lowBits) | tabs);
    if ((~others & highBits) !== 0) return true;
    const blank = ~(((blanks & lowBits) + lowBits) | blanks) & highBits;
    if ((blank & ((blank << 8) | blankBefore)) !== 0) return true;
    blankBefore = blank >>> 24;
  }
  return false;
}

/** Two multiplicative sums over words of four bytes, in which every digit stands for 0. */
function sumOfLine(view: DataView, start: number, stop: number): number {
  let high = 0x811c9dc5 | 0;
  let low = 0x2f0b4a27 | 0;
  for (let at = start; at < stop; at += 4) {
    const word = wordAt(view, at, stop) ^ zeros;
    const digits = ~(((word & lowBits) + 0x76767676) | word) & highBits;
    const value = word & ~(digits - (digits >>> 7));
    high = Math.imul(high ^ value, 0x9e3779b1);
    high = (high << 15) | (high >>> 17);
    low = Math.imul(low ^ value, 0x85ebca6b);
    low = (low << 13) | (low >>> 19);
  }
  return (high >>> 0) * 0x200000 + (low >>> 11);
}

/** Four bytes, or as many as are left; the missing ones are 0, which no text holds. */
function wordAt(view: DataView, at: number, stop: number): number {
  if (at + 4 <= stop) return view.getInt32(at, true);
  if (at + 4 <= view.byteLength) return view.getInt32(at, true) & (0xffffff >>> ((3 - (stop - at)) * 8));
  let word = 0;
  for (let byte = at; byte < stop; byte++) word |= view.getUint8(byte) << ((byte - at) * 8);
  return word;
}

/** Shapes of lines in which the parser found nothing: a log repeats few shapes a million times. */
export interface SilentShapes {
  has(shape: number): boolean;
  add(shape: number): void;
}

/** Every shape has one place, and takes it from the one before: who is forgotten is parsed once more. */
export function silentShapes(): SilentShapes {
  const shapes = new Float64Array(silentPlaces).fill(-1);
  // The lowest bits of a shape are the best mixed ones that `&` reaches.
  const placeOf = (shape: number) => (shape | 0) & (silentPlaces - 1);
  return {
    has: (shape) => shapes[placeOf(shape)] === shape,
    add(shape) {
      shapes[placeOf(shape)] = shape;
    },
  };
}
