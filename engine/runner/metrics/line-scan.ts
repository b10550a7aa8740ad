const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const zero = 0x30;
const maxSilentShapes = 20_000;

/** Kinds of bytes: 1 ends a line, 2 occurs in every line that can say something: digits, `=`, `:`, a tab. */
const kinds = new Uint8Array(256);
kinds.fill(2, zero, zero + 11);
kinds[0x3d] = 2;
kinds[0x09] = 2;
kinds[newline] = 1;
kinds[carriageReturn] = 1;

/** Filled in by `scanLine`: one for all lines, since there are millions. */
export interface ScannedLine {
  /** Where the line ends: at its newline or carriage return, or at the end of what was looked at. */
  stop: number;
  /** False when nothing in it can be a measure. */
  maySpeak: boolean;
}

/**
 * Finds the end of the line at `start`, and whether it is worth decoding at all: a measure holds a digit, `=`, `:` or a
 * tab, the heading of a table two spaces in a row. Most output is prose, and prose is passed over at the speed of a scan.
 */
export function scanLine(bytes: Uint8Array, start: number, end: number, into: ScannedLine): void {
  let maySpeak = false;
  let previous = 0;
  let at = start;
  for (; at < end; at++) {
    const byte = bytes[at] ?? 0;
    const kind = kinds[byte];
    if (kind === 1) break;
    if (kind === 2 || (byte === space && previous === space)) maySpeak = true;
    previous = byte;
  }
  into.stop = at;
  into.maySpeak = maySpeak;
}

/**
 * A number of 53 bits that is the same for lines that differ in their digits only; two others hardly ever share one.
 * Two FNV-1a sums over the bytes, each run of digits as one.
 */
export function lineShape(bytes: Uint8Array, start: number, stop: number): number {
  let high = 0x811c9dc5;
  let low = 0x2f0b4a27;
  let previous = 0;
  for (let at = start; at < stop; at++) {
    let byte = bytes[at] ?? 0;
    if (byte >= zero && byte < zero + 10) {
      if (previous === zero) continue;
      byte = zero;
    }
    previous = byte;
    high = Math.imul(high ^ byte, 0x01000193);
    low = Math.imul(low ^ byte, 0x85ebca6b);
  }
  return (high >>> 0) * 0x200000 + (low >>> 11);
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
