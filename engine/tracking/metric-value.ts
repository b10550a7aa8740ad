/** A metric value as SQLite keeps it: NaN has no place in REAL, so it is the text 'NaN'. Infinities are REAL. */
export type StoredValue = number | 'NaN';

export const storedValue = (value: number): StoredValue => (Number.isNaN(value) ? 'NaN' : value);

export const metricValue = (stored: StoredValue | null): number =>
  typeof stored === 'number' ? stored : Number.NaN;
