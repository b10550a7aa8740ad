import { BenchtopError } from '../errors.ts';
import { message as messageSchema, type Message } from './message.ts';

/**
 * A message as bytes for links that carry bytes only (WebSocket):
 * `[u32 little-endian: length of the JSON][JSON, UTF-8][padding to 8][columns, each padded to 8]`.
 * A typed array stands in the JSON as `{"$column": [type, elements, offset]}`, a number JSON cannot hold as
 * `{"$number": "NaN"}`; an object of the user's own with a key that starts with `$` is escaped as `{"$object": entries}`.
 */
const columnTypes = { f64: Float64Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array } as const;
type ColumnType = keyof typeof columnTypes;
type Column = Float64Array | Int32Array | Uint32Array | Uint8Array;

/** The largest frame either side accepts, in bytes. A page of a log or a chart is far below it. */
export const maxFrameBytes = 64 * 1024 * 1024;

const padded = (sizeBytes: number) => Math.ceil(sizeBytes / 8) * 8;

export function encodeFrame(message: Message): Uint8Array<ArrayBuffer> {
  const columns: { column: Column; offset: number }[] = [];
  let columnBytes = 0;
  const json = JSON.stringify(message, (_key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const type = columnType(value);
    if (type !== undefined) {
      const column = value as Column;
      columns.push({ column, offset: columnBytes });
      columnBytes += padded(column.byteLength);
      return { $column: [type, column.length, columnBytes - padded(column.byteLength)] };
    }
    return Object.keys(value).some((key) => key.startsWith('$')) ? { $object: Object.entries(value) } : value;
  });
  const text = new TextEncoder().encode(json);
  const columnsAt = padded(4 + text.length);
  const frame = new Uint8Array(columnsAt + columnBytes);
  new DataView(frame.buffer).setUint32(0, text.length, true);
  frame.set(text, 4);
  for (const { column, offset } of columns) {
    frame.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), columnsAt + offset);
  }
  return frame;
}

/** Reads a frame, checking every length before it allocates. Throws `invalid-input` for bytes that are no frame. */
export function decodeFrame(bytes: Uint8Array): Message {
  if (bytes.length < 4 || bytes.length > maxFrameBytes) throw notAFrame(`${bytes.length} bytes`);
  const textLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (4 + textLength > bytes.length) throw notAFrame(`JSON of ${textLength} bytes in ${bytes.length}`);
  const columnsAt = padded(4 + textLength);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + textLength)), (_key, value: unknown) =>
      revive(value, bytes, columnsAt),
    );
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

function revive(value: unknown, bytes: Uint8Array, columnsAt: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const marker = value as { $number?: unknown; $object?: unknown; $column?: unknown };
  if (typeof marker.$number === 'string') return Number(marker.$number);
  if (Array.isArray(marker.$object)) return Object.fromEntries(marker.$object as [string, unknown][]);
  if (Array.isArray(marker.$column)) return readColumn(marker.$column, bytes, columnsAt);
  return value;
}

function readColumn(marker: unknown[], bytes: Uint8Array, columnsAt: number): Column {
  const [type, length, offset] = marker as [ColumnType, number, number];
  const Type = Object.hasOwn(columnTypes, type) ? columnTypes[type] : undefined;
  const fits =
    Type !== undefined &&
    Number.isSafeInteger(length) &&
    Number.isSafeInteger(offset) &&
    length >= 0 &&
    offset >= 0 &&
    columnsAt + offset + length * Type.BYTES_PER_ELEMENT <= bytes.length;
  if (!fits) throw notAFrame(`column ${JSON.stringify(marker)}`);
  const start = bytes.byteOffset + columnsAt + offset;
  // A column that is not aligned in memory is copied; one that is stays a view on the frame.
  return start % Type.BYTES_PER_ELEMENT === 0
    ? new Type(bytes.buffer as ArrayBuffer, start, length)
    : new Type(bytes.slice(columnsAt + offset, columnsAt + offset + length * Type.BYTES_PER_ELEMENT).buffer);
}

function notAFrame(evidence: string): BenchtopError {
  return new BenchtopError({ code: 'invalid-input', what: 'The bytes received are not a Benchtop frame.', evidence });
}
