import { protobufFields } from '../protobuf-fields.ts';
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
 * The one message that OTLP sends here, `ExportTraceServiceRequest`, in protobuf's binary form. Read here, since a span has
 * 64-bit times, which the general libraries need a further library for. Format: opentelemetry-proto, trace/v1/trace.proto.
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
  const fields = protobufFields(message);
  if (fields === null) throw malformed();
  return fields.flatMap((field): Field[] => {
    const { number } = field;
    if (field.kind === 'integer') return [field];
    if (field.kind === 'bytes') return [{ number, kind: 'bytes', bytes: field.value }];
    if (field.kind === 'fixed64') return [{ number, kind: 'fixed64', value: field.value.readBigUInt64LE() }];
    return [];
  });
}
