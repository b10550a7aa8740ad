import { parseExact, type ExactValue } from './exact-json.ts';
import {
  maxDepth,
  OtlpFormatError,
  spanKind,
  statusCodes,
  type Attributes,
  type OtlpSpan,
} from './otlp-span.ts';

/**
 * `ExportTraceServiceRequest` as JSON: ids in hex, 64-bit integers as texts or numbers, names in camelCase or as in the
 * proto file (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding").
 */

type Json = { readonly [key: string]: ExactValue };

const malformed = (what: string) => new OtlpFormatError(`The body is not an OTLP message in JSON: ${what}.`);

/** @throws {OtlpFormatError} */
export function readJsonRequest(text: string): OtlpSpan[] {
  let body: ExactValue;
  try {
    body = parseExact(text);
  } catch (error) {
    throw new OtlpFormatError('The body is not JSON.', { cause: error });
  }
  return items(object(body), 'resourceSpans').flatMap((resourceSpans) => {
    const resource = attributesOf(object(field(resourceSpans, 'resource') ?? {}));
    return items(resourceSpans, 'scopeSpans').flatMap((scope) =>
      items(scope, 'spans').map((span) => spanOf(span, resource)),
    );
  });
}

function spanOf(span: Json, resource: Attributes): OtlpSpan {
  const parent = id(span, 'parentSpanId');
  const status = object(field(span, 'status') ?? {});
  return {
    traceId: id(span, 'traceId'),
    spanId: id(span, 'spanId'),
    parentSpanId: parent === '' ? null : parent,
    name: text(span, 'name'),
    kind: kindOf(field(span, 'kind') ?? 0n),
    startNs: nanoseconds(span, 'startTimeUnixNano'),
    endNs: nanoseconds(span, 'endTimeUnixNano'),
    attributes: attributesOf(span),
    events: items(span, 'events').map((event) => ({
      name: text(event, 'name'),
      timeNs: nanoseconds(event, 'timeUnixNano'),
      attributes: attributesOf(event),
    })),
    links: items(span, 'links').map((link) => ({
      traceId: id(link, 'traceId'),
      spanId: id(link, 'spanId'),
      attributes: attributesOf(link),
    })),
    status: { code: statusOf(field(status, 'code') ?? 0n), message: text(status, 'message') },
    resource,
  };
}

const kindOf = (kind: ExactValue) => spanKind(typeof kind === 'string' ? kind : Number(kind));

function statusOf(code: ExactValue) {
  const name = typeof code === 'string' ? code.replace('STATUS_CODE_', '') : statusCodes[Number(code)];
  return statusCodes.find((own) => own === name) ?? 'UNSET';
}

const attributesOf = (holder: Json): Attributes =>
  items(holder, 'attributes').map((pair) => keyValueOf(pair, 0));

const keyValueOf = (pair: Json, depth: number): readonly [string, ExactValue] => [
  text(pair, 'key'),
  valueOf(object(field(pair, 'value') ?? {}), depth + 1),
];

/** `AnyValue`: an object with one field that names the type. */
function valueOf(value: Json, depth: number): ExactValue {
  if (depth > maxDepth) throw malformed('it is nested too deep');
  const string = field(value, 'stringValue') ?? field(value, 'bytesValue');
  if (string !== undefined) return typeof string === 'string' ? string : refuse('stringValue');
  const boolean = field(value, 'boolValue');
  if (boolean !== undefined) return typeof boolean === 'boolean' ? boolean : refuse('boolValue');
  const integer = field(value, 'intValue');
  if (integer !== undefined) return integerOf(integer, 'intValue');
  const double = field(value, 'doubleValue');
  if (double !== undefined) {
    const number = Number(double);
    return Number.isNaN(number) && double !== 'NaN' ? refuse('doubleValue') : number;
  }
  const array = field(value, 'arrayValue');
  if (array !== undefined) return items(object(array), 'values').map((item) => valueOf(item, depth + 1));
  const pairs = field(value, 'kvlistValue');
  if (pairs !== undefined)
    return Object.fromEntries(items(object(pairs), 'values').map((pair) => keyValueOf(pair, depth + 1)));
  return null;
}

function refuse(name: string): never {
  throw malformed(`'${name}' does not fit its type`);
}

function integerOf(value: ExactValue, name: string): bigint {
  const number =
    typeof value === 'string' && /^-?\d+$/.test(value)
      ? BigInt(value)
      : typeof value === 'bigint'
        ? value
        : null;
  return number !== null && BigInt.asIntN(64, number) === number ? number : refuse(name);
}

function object(value: ExactValue): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('an object was expected');
  return value as Json;
}

function items(holder: Json, name: string): Json[] {
  const list = field(holder, name) ?? [];
  if (!Array.isArray(list)) throw malformed(`'${name}' is not a list`);
  return (list as readonly ExactValue[]).map(object);
}

/** A field by its name in camelCase or with underscores; null counts as absent. */
function field(holder: Json, name: string): ExactValue | undefined {
  const snake = name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return (
    (Object.hasOwn(holder, name) ? holder[name] : Object.hasOwn(holder, snake) ? holder[snake] : null) ??
    undefined
  );
}

function text(holder: Json, name: string): string {
  const value = field(holder, name) ?? '';
  return typeof value === 'string' ? value : refuse(name);
}

function id(holder: Json, name: string): string {
  const value = text(holder, name);
  return /^([0-9a-f]{2})*$/i.test(value) ? value.toLowerCase() : refuse(name);
}

const nanoseconds = (holder: Json, name: string): bigint => integerOf(field(holder, name) ?? 0n, name);
