import type { ExactValue } from './exact-json.ts';

export type Attributes = readonly (readonly [key: string, value: ExactValue])[];

/** A span as OpenTelemetry sends it, whatever the encoding. */
export interface OtlpSpan {
  /** Hex, as sent; 32 digits where the sender keeps the rules. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
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
