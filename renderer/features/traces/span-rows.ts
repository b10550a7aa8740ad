import type { Span } from '../../../contract/index.ts';

/** A span with its place in the tree and on the time axis. */
export interface SpanRow {
  readonly span: Span;
  readonly depth: number;
  /** Where its bar begins, 0 to 1 of the whole trace. */
  readonly offset: number;
  /** How long its bar is, 0 to 1. */
  readonly share: number;
  readonly durationMs: number | null;
}

/**
 * The spans of a trace as the rows of a waterfall: each below its parent, siblings by their start. A span whose parent is
 * not there, or that is its own ancestor, stands at the top. One that has not ended reaches to the end of the axis.
 */
export function spanRows(spans: readonly Span[]): SpanRow[] {
  const start = Math.min(...spans.map(({ startedAt }) => startedAt));
  const end = Math.max(...spans.map(({ startedAt, endedAt }) => endedAt ?? startedAt));
  const lengthMs = Math.max(end - start, Number.EPSILON);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(
    spans.toSorted((a, b) => a.startedAt - b.startedAt),
    ({ parentSpanId }) => (parentSpanId !== null && ids.has(parentSpanId) ? parentSpanId : null),
  );
  const rows: SpanRow[] = [];
  const placed = new Set<string>();
  const place = (top: Span) => {
    const waiting = [{ span: top, depth: 0 }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { span, depth } = next;
      if (placed.has(span.spanId)) continue;
      placed.add(span.spanId);
      const ended = span.endedAt ?? end;
      rows.push({
        span,
        depth,
        offset: (span.startedAt - start) / lengthMs,
        share: Math.max(0, ended - span.startedAt) / lengthMs,
        durationMs: span.endedAt === null ? null : span.endedAt - span.startedAt,
      });
      for (const child of (children.get(span.spanId) ?? []).toReversed())
        waiting.push({ span: child, depth: depth + 1 });
    }
  };
  for (const top of children.get(null) ?? []) place(top);
  // Whatever is left is in a circle.
  for (const span of spans) place(span);
  return rows;
}
