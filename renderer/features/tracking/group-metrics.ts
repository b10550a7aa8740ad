export interface MetricGroup {
  /** The part before the first slash; empty for metrics without one, which come first. */
  readonly name: string;
  readonly metrics: readonly string[];
}

/** Metrics by the part of their names before the first slash, in the order given. */
export function groupMetrics(names: readonly string[]): MetricGroup[] {
  const groups = new Map<string, string[]>([['', []]]);
  for (const name of names) {
    const slash = name.indexOf('/');
    const group = slash < 0 ? '' : name.slice(0, slash);
    groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  return [...groups]
    .filter(([, metrics]) => metrics.length > 0)
    .map(([name, metrics]) => ({ name, metrics }));
}
