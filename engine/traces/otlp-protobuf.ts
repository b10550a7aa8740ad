import type { ExactValue } from './exact-json.ts';
import {
  maxDepth,
  OtlpFormatError,
  spanKind,
  statusCodes,
  type Attributes,
  type OtlpSpan,
} from './otlp-span.ts';

/**
 * The one message that OTLP sends here, `ExportTraceServiceRequest`, in protobuf's binary form. A decoder of its own, since
 * it is the only protobuf message in the program and a span has 64-bit times, which the general libraries need a further
 * library for. Formats: protobuf.dev/programming-guides/encoding and opentelemetry-proto, trace/v1/trace.proto.
 */

/** One field of a message. Numbers of 32 bits are read over: no field in use has them. */
type Field =
  | { readonly number: number; readonly kind: 'integer' | 'fixed64'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'bytes'; readonly bytes: Buffer };

const malformed = () => new OtlpFormatError('The body is not an OTLP message in protobuf.');

/** @throws {OtlpFormatError} */
export function readProtobufRequest(body: Buffer): OtlpSpan[] {
  return messages(body, 1).flatMap((resourceSpans) => {
    const resource = messages(resourceSpans, 1).flatMap((own) => attributesOf(own, 1));
    return messages(resourceSpans, 2).flatMap((scope) =>
      messages(scope, 2).map((span) => spanOf(span, resource)),
    );
  });
}

function spanOf(message: Buffer, resource: Attributes): OtlpSpan {
  const fields = fieldsOf(message);
  const parent = bytesIn(fields, 4).toString('hex');
  const status = fieldsOf(bytesIn(fields, 15));
  return {
    traceId: bytesIn(fields, 1).toString('hex'),
    spanId: bytesIn(fields, 2).toString('hex'),
    parentSpanId: parent === '' ? null : parent,
    name: textIn(fields, 5),
    kind: spanKind(Number(numberIn(fields, 6))),
    startNs: numberIn(fields, 7),
    endNs: numberIn(fields, 8),
    attributes: attributesOf(message, 9),
    events: messages(message, 11).map((event) => {
      const own = fieldsOf(event);
      return { timeNs: numberIn(own, 1), name: textIn(own, 2), attributes: attributesOf(event, 3) };
    }),
    links: messages(message, 13).map((link) => {
      const own = fieldsOf(link);
      return {
        traceId: bytesIn(own, 1).toString('hex'),
        spanId: bytesIn(own, 2).toString('hex'),
        attributes: attributesOf(link, 4),
      };
    }),
    status: {
      code: statusCodes[Number(numberIn(status, 3))] ?? 'UNSET',
      message: textIn(status, 2),
    },
    resource,
  };
}

const attributesOf = (message: Buffer, field: number): Attributes =>
  messages(message, field).map((pair) => keyValueOf(pair, 0));

function keyValueOf(pair: Buffer, depth: number): readonly [string, ExactValue] {
  const fields = fieldsOf(pair);
  return [textIn(fields, 1), valueOf(bytesIn(fields, 2), depth + 1)];
}

/** `AnyValue`: the last of its fields holds; null without any. */
function valueOf(message: Buffer, depth: number): ExactValue {
  if (depth > maxDepth) throw malformed();
  const field = fieldsOf(message).findLast(({ number }) => number >= 1 && number <= 7);
  if (field === undefined) return null;
  if (field.kind !== 'bytes') {
    if (field.number === 2) return field.value !== 0n;
    if (field.number === 3) return BigInt.asIntN(64, field.value);
    if (field.number === 4) return doubleOf(field.value);
    throw malformed();
  }
  if (field.number === 1) return utf8(field.bytes);
  if (field.number === 5) return messages(field.bytes, 1).map((item) => valueOf(item, depth + 1));
  if (field.number === 6)
    return Object.fromEntries(messages(field.bytes, 1).map((pair) => keyValueOf(pair, depth + 1)));
  if (field.number === 7) return field.bytes.toString('base64');
  throw malformed();
}

function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new OtlpFormatError('A text in the OTLP message is not UTF-8.', { cause: error });
  }
}

function messages(message: Buffer, number: number): Buffer[] {
  return fieldsOf(message).flatMap((field) => {
    if (field.number !== number) return [];
    if (field.kind !== 'bytes') throw malformed();
    return [field.bytes];
  });
}

function bytesIn(fields: readonly Field[], number: number): Buffer {
  const field = fields.findLast((own) => own.number === number);
  if (field === undefined) return Buffer.alloc(0);
  if (field.kind !== 'bytes') throw malformed();
  return field.bytes;
}

const textIn = (fields: readonly Field[], number: number): string => utf8(bytesIn(fields, number));

function numberIn(fields: readonly Field[], number: number): bigint {
  const field = fields.findLast((own) => own.number === number);
  if (field === undefined) return 0n;
  if (field.kind === 'bytes') throw malformed();
  return field.value;
}

function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw malformed();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw malformed();
  };
  while (at < message.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    if (number === 0) throw malformed();
    switch (key % 8) {
      case 0:
        fields.push({ number, kind: 'integer', value: varint() });
        break;
      case 1:
        if (at + 8 > message.length) throw malformed();
        fields.push({ number, kind: 'fixed64', value: message.readBigUInt64LE(at) });
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        fields.push({ number, kind: 'bytes', bytes: message.subarray(at, at + length) });
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw malformed();
    }
    if (at > message.length) throw malformed();
  }
  return fields;
}
