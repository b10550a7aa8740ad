import { severities, type JudgedChunk, type MonitorAlarm } from '../../contract/index.ts';

/** The gravest alarm first; of equal ones that in which more rows moved. */
export const graverFirst = (a: MonitorAlarm, b: MonitorAlarm): number =>
  severities.indexOf(b.severity) - severities.indexOf(a.severity) || (b.moved ?? 0) - (a.moved ?? 0);

/** What tells which of two chunks is graver. */
export interface Gravity {
  readonly severity: MonitorAlarm['severity'];
  /** How much is amiss: the shares of rows that moved, over all alarms; what is broken, and a model that suffers, count as all rows. */
  readonly amiss: number;
}

/** The one rule by which a chunk is the gravest, for the headline of a monitor as for its incidents. Null where nothing alarms. */
export function gravityOf(alarms: readonly MonitorAlarm[]): Gravity | null {
  const [gravest] = alarms.toSorted(graverFirst);
  if (gravest === undefined) return null;
  return {
    severity: gravest.severity,
    amiss: alarms.reduce((sum, { moved }) => sum + (moved ?? 1), 0),
  };
}

/** First by its gravest alarm, then by how much is amiss; of equal ones neither. */
export const isGraver = (a: Gravity, b: Gravity): boolean => {
  const by = severities.indexOf(a.severity) - severities.indexOf(b.severity);
  return by === 0 ? a.amiss > b.amiss : by > 0;
};

/** The first of the gravest chunks; null where none alarms. */
export function gravestChunk<Chunk extends Pick<JudgedChunk, 'alarms'>>(
  chunks: readonly Chunk[],
): Chunk | null {
  let found: { readonly chunk: Chunk; readonly gravity: Gravity } | null = null;
  for (const chunk of chunks) {
    const gravity = gravityOf(chunk.alarms);
    if (gravity !== null && (found === null || isGraver(gravity, found.gravity))) found = { chunk, gravity };
  }
  return found?.chunk ?? null;
}
