import type { ExactValue } from './exact-json.ts';

export type Attributes = readonly (readonly [key: string, value: ExactValue])[];

/** A span as OpenTelemetry sends it, whatever the encoding. */
export interface OtlpSpan {
  /** Hex, as sent; 32 digits where the sender keeps the rules. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startNs: bigint;
  /** 0 while the span goes on. */
  readonly endNs: bigint;
  readonly attributes: Attributes;
  readonly events: readonly {
    readonly name: string;
    readonly timeNs: bigint;
    readonly attributes: Attributes;
  }[];
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: Attributes;
  }[];
  readonly status: { readonly code: SpanStatusCode; readonly message: string };
  /** Of the process that made the span: `service.name` and the like. */
  readonly resource: Attributes;
}

/** What a span is to its neighbours: a call that came in, one that went out, … INTERNAL where nobody said. */
export type SpanKind = 'INTERNAL' | 'SERVER' | 'CLIENT' | 'PRODUCER' | 'CONSUMER';
const kinds: readonly SpanKind[] = ['INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/** @param sent the number of OTLP's enumeration, which begins with "unspecified", or its name. */
export const spanKind = (sent: number | string): SpanKind =>
  (typeof sent === 'number' ? kinds[sent - 1] : kinds.find((own) => sent === `SPAN_KIND_${own}`)) ??
  'INTERNAL';

export type SpanStatusCode = 'UNSET' | 'OK' | 'ERROR';
export const statusCodes: readonly SpanStatusCode[] = ['UNSET', 'OK', 'ERROR'];

/** What is not OTLP, or not all there. */
export class OtlpFormatError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'OtlpFormatError';
  }
}

/** Deeper values are refused, as protobuf's own readers refuse them. */
export const maxDepth = 100;
