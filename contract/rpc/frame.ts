import { BenchtopError } from '../benchtop-error.ts';
import { message as messageSchema, type Message } from './message.ts';

/**
 * A message as bytes for links that carry bytes only (WebSocket):
 * `[u32 little-endian: length of the JSON][JSON, UTF-8][padding to 8][columns, each padded to 8]`.
 * A typed array stands in the JSON as `{"$column": [type, elements, offset]}`, a number JSON cannot hold as
 * `{"$number": "NaN"}`; an object of the user's own with a key that starts with `$` is escaped as `{"$object": entries}`.
 * So an object with such a key is always one of these three marks.
 */
const columnTypes = { f64: Float64Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array } as const;
type ColumnType = keyof typeof columnTypes;
type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;
interface PlacedColumn {
  readonly column: Column;
  /** Where it begins, in bytes from the first column. */
  readonly offset: number;
}

/** The largest frame either side accepts, in bytes. A page of a log or a chart is far below it. */
export const maxFrameBytes = 64 * 1024 * 1024;

/** Deeper than any message is; what walks through one calls itself as often. */
const maxDepth = 500;

const padded = (sizeBytes: number) => Math.ceil(sizeBytes / 8) * 8;

/**
 * Writes a message as one frame. A property that is undefined is left out, as JSON does.
 * Throws `unsupported` for what would silently arrive as something else (a Date, a Map, a Float32Array, a function),
 * `too-large` for what the other side would refuse.
 */
export function encodeFrame(message: Message): Uint8Array<ArrayBuffer> {
  const columns: PlacedColumn[] = [];
  // Marked first and written in one go: JSON.stringify with a function of its own takes several times as long.
  const text = new TextEncoder().encode(JSON.stringify(marked(message, columns)));
  const last = columns.at(-1);
  const columnBytes = last === undefined ? 0 : last.offset + padded(last.column.byteLength);
  const columnsAt = padded(4 + text.length);
  const sizeBytes = columnsAt + columnBytes;
  if (sizeBytes > maxFrameBytes) {
    throw new BenchtopError({
      code: 'too-large',
      what: `A message of ${sizeBytes} bytes is more than the ${maxFrameBytes} that one frame holds.`,
      next: 'Ask for less at once: a page, a range or a coarser resolution.',
    });
  }
  const frame = new Uint8Array(sizeBytes);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, 4);
  for (const { column, offset } of columns) {
    frame.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), columnsAt + offset);
  }
  return frame;
}

/** The value as JSON can hold it: itself where nothing in it needs a mark, else a copy with marks. Columns are put aside. */
function marked(value: unknown, columns: PlacedColumn[]): unknown {
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw notCarried(typeof value);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return markedArray(value, columns);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const type = columnType(value);
    if (type !== undefined) return placed(type, value as Column, columns);
    // An object of another realm has a prototype like ours, which has none itself.
    if (Object.getPrototypeOf(prototype) !== null) throw notCarried(value.constructor.name);
  }
  return markedObject(value as Record<string, unknown>, columns);
}

function markedArray(values: readonly unknown[], columns: PlacedColumn[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [at, each] of values.entries()) {
    const written = marked(each, columns);
    if (written !== each || copy !== undefined) (copy ??= values.slice(0, at)).push(written);
  }
  return copy ?? values;
}

function markedObject(value: Record<string, unknown>, columns: PlacedColumn[]): object {
  let changed: Map<string, unknown> | undefined;
  let hasMark = false;
  for (const key of Object.keys(value)) {
    if (key.startsWith('$')) hasMark = true;
    const each = value[key];
    const written = marked(each, columns);
    if (written !== each) (changed ??= new Map()).set(key, written);
  }
  if (changed === undefined && !hasMark) return value;
  const entries = Object.keys(value).map((key): [string, unknown] => [
    key,
    changed?.has(key) === true ? changed.get(key) : value[key],
  ]);
  return hasMark ? { $object: entries } : Object.fromEntries(entries);
}

function placed(type: ColumnType, column: Column, columns: PlacedColumn[]): object {
  const before = columns.at(-1);
  const offset = before === undefined ? 0 : before.offset + padded(before.column.byteLength);
  columns.push({ column, offset });
  return { $column: [type, column.length, offset] };
}

/**
 * Reads a frame, checking every length before it allocates. Columns are views on the frame's memory.
 * Throws `invalid-input` for bytes that are no frame.
 */
export function decodeFrame(received: Uint8Array): Message {
  if (received.length < 4 || received.length > maxFrameBytes) throw notAFrame(`${received.length} bytes`);
  // Columns lie at multiples of 8 in the frame; once the frame does in memory, none has to be copied by itself.
  const bytes = received.byteOffset % 8 === 0 ? received : received.slice();
  const textLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + textLength > bytes.length) throw notAFrame(`JSON of ${textLength} bytes in ${bytes.length}`);
  const columnsAt = padded(4 + textLength);
  let parsed: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + textLength));
    // Where no key begins with `$` there is no mark to read; JSON.parse with a function of its own takes several times as long.
    if (text.includes('"$'))
      parsed = JSON.parse(text, (_key, value: unknown) => unmark(value, bytes, columnsAt));
    else refuseDepth((parsed = JSON.parse(text) as unknown), maxDepth);
  } catch (error) {
    if (error instanceof BenchtopError) throw error;
    throw notAFrame(error instanceof Error ? error.message : String(error));
  }
  const checked = messageSchema.safeParse(parsed);
  if (!checked.success) throw notAFrame(checked.error.message);
  return checked.data;
}

function columnType(value: object): ColumnType | undefined {
  if (value instanceof Float64Array) return 'f64';
  if (value instanceof Uint8Array) return 'u8';
  if (value instanceof Int32Array) return 'i32';
  if (value instanceof Uint32Array) return 'u32';
  return undefined;
}

function unmark(value: unknown, bytes: Uint8Array, columnsAt: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const marks = Object.keys(value).filter((key) => key.startsWith('$'));
  const [mark] = marks;
  // What was escaped has been restored by now and is not visited again.
  if (mark === undefined) return value;
  const held: unknown = (value as Record<string, unknown>)[mark];
  if (Object.keys(value).length === 1) {
    if (mark === '$number' && numbersBeyondJson.has(held)) return Number(held);
    if (mark === '$object' && Array.isArray(held)) return Object.fromEntries(held as [string, unknown][]);
    if (mark === '$column' && Array.isArray(held)) return columnAt(held, bytes, columnsAt);
  }
  throw notAFrame(`an object with the key ${mark.slice(0, 40)}`);
}

function refuseDepth(value: unknown, left: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw notAFrame(`more than ${maxDepth} levels`);
  if (Array.isArray(value)) for (const each of value) refuseDepth(each, left - 1);
  else for (const key of Object.keys(value)) refuseDepth((value as Record<string, unknown>)[key], left - 1);
}

const numbersBeyondJson = new Set<unknown>(['NaN', 'Infinity', '-Infinity', '-0']);

function columnAt(mark: unknown[], bytes: Uint8Array, columnsAt: number): Column {
  const [type, length, offset] = mark as [ColumnType, number, number];
  const Type = Object.hasOwn(columnTypes, type) ? columnTypes[type] : undefined;
  const fits =
    Type !== undefined &&
    Number.isSafeInteger(length) &&
    Number.isSafeInteger(offset) &&
    length >= 0 &&
    offset >= 0 &&
    offset % 8 === 0 &&
    columnsAt + offset + length * Type.BYTES_PER_ELEMENT <= bytes.length;
  if (!fits) throw notAFrame(`a column ${JSON.stringify(mark).slice(0, 80)}`);
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset + columnsAt + offset, length);
}

function notAFrame(evidence: string): BenchtopError {
  return new BenchtopError({
    code: 'invalid-input',
    what: 'The bytes received are not a Benchtop frame.',
    evidence,
  });
}

function notCarried(kind: string): BenchtopError {
  return new BenchtopError({ code: 'unsupported', what: `A frame cannot carry a ${kind}.` });
}
