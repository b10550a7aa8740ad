import { pythonJson, parseExact, readPythonJson, type ExactValue } from './exact-json.ts';
import {
  OtlpFormatError,
  statusCodes,
  type Attributes,
  type OtlpSpan,
  type SpanStatusCode,
} from './otlp-span.ts';
import { translatedAttributes } from './translate-attributes.ts';

/** A span as its row holds it. */
export interface StoredSpan {
  /** MLflow's name of the trace: `tr-` and the id of OpenTelemetry. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly type: string | null;
  readonly status: SpanStatusCode;
  readonly startNs: bigint;
  readonly endNs: bigint | null;
  /** Values as JSON texts, by key. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly content: string;
  readonly resource: Attributes;
}

const maxInteger = 2n ** 63n;

/**
 * Turns a span into the form in which MLflow's own store keeps it: every attribute is a JSON text, ids are base64.
 * @throws {OtlpFormatError} for a span without ids, or with ids or times that no store can hold.
 */
export function storedSpan(span: OtlpSpan): StoredSpan {
  const otelTraceId = checkedId(span.traceId, 32, 'trace_id');
  const spanId = checkedId(span.spanId, 16, 'span_id');
  const parentSpanId = span.parentSpanId === null ? null : checkedId(span.parentSpanId, 16, 'parent_span_id');
  for (const time of [span.startNs, span.endNs, ...span.events.map(({ timeNs }) => timeNs)])
    if (time < 0n || time >= maxInteger) throw new OtlpFormatError(`A span has the time ${time} ns.`);
  const traceId = `tr-${otelTraceId}`;
  const attributes = translatedAttributes(
    new Map([
      ...span.attributes.map(([key, value]) => [key, attributeText(value)] as const),
      ['mlflow.traceRequestId', pythonJson(traceId)] as const,
    ]),
  );
  const type = readPythonJson(attributes.get('mlflow.spanType') ?? 'null');
  const content = pythonJson({
    trace_id: base64Of(otelTraceId),
    span_id: base64Of(spanId),
    parent_span_id: parentSpanId === null ? null : base64Of(parentSpanId),
    name: span.name,
    kind: `SPAN_KIND_${span.kind}`,
    start_time_unix_nano: span.startNs,
    end_time_unix_nano: span.endNs === 0n ? null : span.endNs,
    events: span.events.map((event) => ({
      name: event.name,
      time_unix_nano: event.timeNs,
      attributes: finite(event.attributes),
    })),
    status: { code: `STATUS_CODE_${span.status.code}`, message: span.status.message },
    attributes: Object.fromEntries(attributes),
    links: span.links.map((link) => ({
      trace_id: `tr-${checkedId(link.traceId, 32, 'trace_id')}`,
      span_id: checkedId(link.spanId, 16, 'span_id'),
      attributes: finite(link.attributes),
    })),
  });
  return {
    traceId,
    spanId,
    parentSpanId,
    name: span.name,
    type: typeof type === 'string' ? type : null,
    status: span.status.code,
    startNs: span.startNs,
    endNs: span.endNs === 0n ? null : span.endNs,
    attributes,
    content,
    resource: span.resource,
  };
}

/** Attributes that stand in the content as they are; JSON has no NaN and no Infinity. */
const finite = (attributes: Attributes) =>
  Object.fromEntries(attributes.map(([key, value]) => [key, finiteValue(value)]));

function finiteValue(value: ExactValue): ExactValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : pythonJson(value);
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value)
    ? (value as readonly ExactValue[]).map(finiteValue)
    : finite(Object.entries(value as Readonly<Record<string, ExactValue>>));
}

function checkedId(hex: string, digits: number, what: string): string {
  if (hex === '' || hex.length > digits)
    throw new OtlpFormatError(`A span has no ${what} of ${digits / 2} bytes.`);
  return hex.padStart(digits, '0');
}

const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

/** MLflow's own exporter sends structured values as JSON texts; such a text is taken as it is, not packed once more. */
function attributeText(value: ExactValue): string {
  if (typeof value === 'string') {
    const inner = readPythonJson(value);
    if (typeof inner === 'string' || (typeof inner === 'object' && inner !== null)) return value;
  }
  return pythonJson(value);
}

/** What `storedSpan` put into the row. */
interface Content {
  readonly trace_id: string;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  /** Missing in spans that were kept before MLflow 3.18 kept it. */
  readonly kind?: string;
  readonly start_time_unix_nano: bigint;
  readonly end_time_unix_nano: bigint | null;
  readonly events: readonly {
    readonly name: string;
    readonly time_unix_nano: bigint;
    readonly attributes: Readonly<Record<string, ExactValue>>;
  }[];
  readonly status: { readonly code: string; readonly message: string };
  readonly attributes: Readonly<Record<string, string>>;
  readonly links: readonly {
    readonly trace_id: string;
    readonly span_id: string;
    readonly attributes: Readonly<Record<string, ExactValue>>;
  }[];
}

const contentOf = (text: string): Content => parseExact(text) as unknown as Content;

/** A span as OTLP's message in protobuf's JSON, names as in the proto file; bigints are 64-bit numbers. */
export function spanMessage(text: string): object {
  const content = contentOf(text);
  return {
    trace_id: content.trace_id,
    span_id: content.span_id,
    ...(content.parent_span_id === null ? {} : { parent_span_id: content.parent_span_id }),
    name: content.name,
    kind: content.kind ?? 'SPAN_KIND_INTERNAL',
    start_time_unix_nano: content.start_time_unix_nano,
    ...(content.end_time_unix_nano === null ? {} : { end_time_unix_nano: content.end_time_unix_nano }),
    ...listed(
      'attributes',
      Object.entries(content.attributes).map(([key, value]) => keyValue(key, attributeValue(value))),
    ),
    ...listed(
      'events',
      content.events.map((event) => ({
        time_unix_nano: event.time_unix_nano,
        name: event.name,
        ...keyValues(event.attributes),
      })),
    ),
    ...listed(
      'links',
      content.links.map((link) => ({
        trace_id: base64Of(link.trace_id.replace(/^tr-/, '')),
        span_id: base64Of(link.span_id),
        ...keyValues(link.attributes),
      })),
    ),
    status: {
      ...(content.status.message === '' ? {} : { message: content.status.message }),
      ...(content.status.code === 'STATUS_CODE_UNSET' ? {} : { code: content.status.code }),
    },
  };
}

const listed = (name: string, list: readonly object[]) => (list.length === 0 ? {} : { [name]: list });
const keyValues = (values: Readonly<Record<string, ExactValue>>) =>
  listed(
    'attributes',
    Object.entries(values).map(([key, value]) => keyValue(key, value)),
  );
const keyValue = (key: string, value: ExactValue) =>
  value === null ? { key } : { key, value: anyValue(value) };

/** An attribute's value; text that is no JSON stands for itself. */
function attributeValue(text: string): ExactValue {
  const value = readPythonJson(text);
  return value === undefined ? text : value;
}

/** `AnyValue` of OTLP. */
function anyValue(value: ExactValue): object {
  if (value === null) return {};
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (typeof value === 'bigint')
    return BigInt.asIntN(64, value) === value ? { int_value: value } : { double_value: Number(value) };
  if (typeof value === 'number') return { double_value: Number.isFinite(value) ? value : pythonJson(value) };
  if (Array.isArray(value))
    return { array_value: listed('values', (value as readonly ExactValue[]).map(anyValue)) };
  return {
    kvlist_value: listed(
      'values',
      Object.entries(value as Readonly<Record<string, ExactValue>>).map(([key, item]) => keyValue(key, item)),
    ),
  };
}

/** A span as the window shows it. Times are in ms since 1970, with fractions. */
export function shownSpan(text: string) {
  const content = contentOf(text);
  const ms = (ns: bigint) => Number(ns / 1000n) / 1000;
  const shown = (value: ExactValue) => (typeof value === 'string' ? value : pythonJson(value));
  const attribute = (key: string): string | null => {
    const value = content.attributes[key];
    return value === undefined ? null : shown(attributeValue(value));
  };
  return {
    spanId: hexOf(content.span_id),
    parentSpanId: content.parent_span_id === null ? null : hexOf(content.parent_span_id),
    name: content.name,
    type: attribute('mlflow.spanType'),
    status: statusCodes.find((code) => content.status.code.endsWith(code)) ?? 'UNSET',
    statusMessage: content.status.message,
    startedAt: ms(content.start_time_unix_nano),
    endedAt: content.end_time_unix_nano === null ? null : ms(content.end_time_unix_nano),
    inputs: attribute('mlflow.spanInputs'),
    outputs: attribute('mlflow.spanOutputs'),
    attributes: Object.entries(content.attributes)
      .filter(([key]) => !hidden.has(key))
      .map(([key, value]) => ({ key, value: shown(attributeValue(value)) })),
    events: content.events.map((event) => ({
      name: event.name,
      at: ms(event.time_unix_nano),
      attributes: Object.entries(event.attributes).map(([key, value]) => ({ key, value: shown(value) })),
    })),
  };
}

/** Attributes that stand elsewhere on the page, or say nothing to a person. */
const hidden = new Set([
  'mlflow.spanInputs',
  'mlflow.spanOutputs',
  'mlflow.spanType',
  'mlflow.traceRequestId',
]);
