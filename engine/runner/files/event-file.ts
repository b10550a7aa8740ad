import { z } from 'zod';
import { protobufFields, type ProtobufField } from '../../protobuf-fields.ts';
import type { FileFormat, Row } from './row.ts';

const eventState = z.object({ isOpen: z.literal(true) });
const lengthBytes = 8;
const checksumBytes = 4;
/** A record that claims more is an image or no event file at all. */
const maxRecordBytes = 256 * 1024 * 1024;
/** Fields of TensorBoard's messages: Event, Summary, Summary.Value, TensorProto. */
const event = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const summaryValue = { tag: 1, simple: 2, tensor: 8 } as const;
const tensor = { type: 1, shape: 2, content: 4, float: 5, double: 6, int: 7, int64: 10 } as const;
const types = { float: 1, double: 2, int32: 3, int64: 9 } as const;

/**
 * TensorBoard's event files: TFRecords (length, checksum, bytes, checksum), each a protobuf `Event` with the wall time in
 * seconds, a step, and scalars as `simple_value` (PyTorch) or as a tensor of no dimension (TensorFlow 2). Everything
 * else in them, histograms, images and graphs, is passed over.
 * Source: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
 */
export const eventFile: FileFormat = {
  isWritten: 'by appending',
  read(bytes, saved) {
    const rows: Row[] = [];
    let isOpen = eventState.safeParse(saved).success;
    let at = 0;
    while (at + lengthBytes + checksumBytes <= bytes.length) {
      const length = Number(bytes.readBigUInt64LE(at));
      if (length > maxRecordBytes) return null;
      const from = at + lengthBytes + checksumBytes;
      if (from + length + checksumBytes > bytes.length) break;
      const fields = protobufFields(bytes.subarray(from, from + length));
      if (fields === null) return null;
      // The first event names the version of the file; without it this is some other TFRecord file.
      if (!isOpen && fields.find((field) => field.number === event.fileVersion) === undefined) return null;
      isOpen = true;
      rows.push(...rowsOf(fields));
      at = from + length + checksumBytes;
    }
    return { usedBytes: at, rows, state: isOpen ? { isOpen } : null };
  },
};

function rowsOf(fields: readonly ProtobufField[]): Row[] {
  let timeMs: number | null = null;
  let step = 0;
  const values: [string, number][] = [];
  for (const { number, value } of fields) {
    if (number === event.wallTime && Buffer.isBuffer(value)) timeMs = Math.round(value.readDoubleLE() * 1000);
    else if (number === event.step && typeof value === 'bigint') step = Number(BigInt.asIntN(64, value));
    else if (number === event.summary && Buffer.isBuffer(value)) values.push(...scalarsOf(value));
  }
  return values.length === 0 || !Number.isSafeInteger(step) ? [] : [{ step, timeMs, values }];
}

function scalarsOf(summary: Buffer): [string, number][] {
  return (protobufFields(summary) ?? []).flatMap((field): [string, number][] => {
    const fields = Buffer.isBuffer(field.value) ? protobufFields(field.value) : null;
    if (field.number !== 1 || fields === null) return [];
    const bytesOf = (wanted: number) => {
      const value = fields.find(({ number }) => number === wanted)?.value;
      return Buffer.isBuffer(value) ? value : null;
    };
    const tag = bytesOf(summaryValue.tag)?.toString('utf8') ?? '';
    const number = bytesOf(summaryValue.simple)?.readFloatLE() ?? scalarOf(bytesOf(summaryValue.tensor));
    return tag === '' || number === null ? [] : [[tag, number]];
  });
}

/** The number in a tensor without dimensions; null for any other tensor. */
function scalarOf(bytes: Buffer | null): number | null {
  const fields = bytes === null ? null : protobufFields(bytes);
  if (fields === null) return null;
  const valueOf = (wanted: number) => fields.find(({ number }) => number === wanted)?.value;
  const shape = valueOf(tensor.shape);
  if (Buffer.isBuffer(shape) && (protobufFields(shape) ?? []).some(({ number }) => number === 2)) return null;
  const type = Number(valueOf(tensor.type) ?? 0);
  const content = valueOf(tensor.content);
  if (Buffer.isBuffer(content)) {
    if (type === types.float && content.length === 4) return content.readFloatLE();
    if (type === types.double && content.length === 8) return content.readDoubleLE();
    if (type === types.int32 && content.length === 4) return content.readInt32LE();
    if (type === types.int64 && content.length === 8) return Number(content.readBigInt64LE());
    return null;
  }
  // Repeated numbers come packed in one field, or one field each.
  const [float, double] = [valueOf(tensor.float), valueOf(tensor.double)];
  if (Buffer.isBuffer(float) && float.length === 4) return float.readFloatLE();
  if (Buffer.isBuffer(double) && double.length === 8) return double.readDoubleLE();
  const whole = valueOf(type === types.int64 ? tensor.int64 : tensor.int);
  return typeof whole === 'bigint' ? Number(BigInt.asIntN(64, whole)) : null;
}
