import { BenchtopError } from '../errors.ts';
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

/** The largest frame either side accepts, in bytes. A page of a log or a chart is far below it. */
export const maxFrameBytes = 64 * 1024 * 1024;

const padded = (sizeBytes: number) => Math.ceil(sizeBytes / 8) * 8;

/**
 * Writes a message as one frame. A property that is undefined is left out, as JSON does.
 * Throws `unsupported` for what would silently arrive as something else (a Date, a Map, a Float32Array, a function),
 * `too-large` for what the other side would refuse.
 */
export function encodeFrame(message: Message): Uint8Array<ArrayBuffer> {
  const columns: { column: Column; offset: number }[] = [];
  let columnBytes = 0;

  // The holder is read instead of the value given: a Buffer has a toJSON that would have turned it into numbers.
  function mark(this: unknown, key: string): unknown {
    const value = (this as Record<string, unknown>)[key];
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return { $number: Object.is(value, -0) ? '-0' : String(value) };
    }
    if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
      throw notCarried(typeof value);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const type = columnType(value);
    if (type !== undefined) {
      const column = value as Column;
      const offset = columnBytes;
      columns.push({ column, offset });
      columnBytes += padded(column.byteLength);
      return { $column: [type, column.length, offset] };
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw notCarried(value.constructor.name);
    }
    return Object.keys(value).some((name) => name.startsWith('$'))
      ? { $object: Object.entries(value) }
      : value;
  }

  const text = new TextEncoder().encode(JSON.stringify(message, mark));
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
    parsed = JSON.parse(text, (_key, value: unknown) => unmark(value, bytes, columnsAt));
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
