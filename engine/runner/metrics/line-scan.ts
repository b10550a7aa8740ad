import { readFileSync } from 'node:fs';
import { WebAssembly } from '../../web-assembly.ts';

/** A power of two. */
const silentPlaces = 32_768;
/** As many bytes as can be looked at in one go; a chunk of a log is no longer. */
export const longestChunkBytes = 512 * 1024;
/** As many lines as are told in one go. */
const tableLines = 4096;
const tableAt = 64;
const bytesPerLine = 16;
const textAt = tableAt + tableLines * bytesPerLine;
const newline = 0x0a;

interface Scan {
  readonly bytes: Uint8Array;
  readonly integers: Int32Array;
  readonly floats: Float64Array;
  /** See line-scan.wat. */
  readonly scan: (at: number, end: number, table: number, room: number) => [count: number, next: number];
}
let loaded: Scan | undefined;

/**
 * Calls `tell` for each line, in the first `end` bytes of a chunk, that can say anything: a measure holds a digit, `=`, `:` or a tab,
 * the heading of a table two blanks in a row. Lines end at a newline or a carriage return (or at `end`), which `stop` is the place of.
 * `shape` is a number of 53 bits that is the same for lines that differ in their digits only; two others hardly ever share one.
 *
 * Most output is passed over. Sixteen bytes at a time, which WebAssembly can and JavaScript cannot, it costs less than a nanosecond a byte.
 */
export function eachLine(
  chunk: Uint8Array,
  end: number,
  tell: (start: number, stop: number, shape: number) => void,
): void {
  loaded ??= load();
  const { bytes, integers, floats, scan } = loaded;
  if (end > longestChunkBytes) throw new RangeError(`${end} bytes are more than a chunk.`);
  bytes.set(chunk.subarray(0, end), textAt);
  const stopAt = textAt + end;
  bytes[stopAt] = newline;
  for (let at = textAt; at < stopAt;) {
    const [count, next] = scan(at, stopAt, tableAt, tableLines);
    for (let place = tableAt; place < tableAt + count * bytesPerLine; place += bytesPerLine) {
      const start = integers[place >> 2] ?? 0;
      const stop = integers[(place >> 2) + 1] ?? 0;
      tell(start - textAt, stop - textAt, floats[(place >> 3) + 1] ?? 0);
    }
    at = next;
  }
}

function load(): Scan {
  const code = readFileSync(new URL('./line-scan.wasm', import.meta.url));
  const { memory, scan } = new WebAssembly.Instance(new WebAssembly.Module(code)).exports as {
    memory: { readonly buffer: ArrayBuffer };
    scan: Scan['scan'];
  };
  const { buffer } = memory;
  return {
    bytes: new Uint8Array(buffer),
    integers: new Int32Array(buffer),
    floats: new Float64Array(buffer),
    scan,
  };
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
