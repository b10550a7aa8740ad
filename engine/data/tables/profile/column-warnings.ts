import type { ColumnProfile } from '../../../../contract/index.ts';

const mostlyMissing = 0.5;
const manyDifferent = 0.5;
/** Fewer rows do not say that a column repeats itself. */
const fewRows = 20;
/** A rarer stranger among numbers may be a word for a missing value, and is what spoils a column. */
const mostlyNumbers = 0.5;

/** What should be looked at before a column is used. */
export function columnWarnings(
  { type, nullCount, nanCount, distinctCount, mixed }: ColumnProfile,
  rowCount: number,
): ColumnProfile['warnings'] {
  const missing = nullCount + nanCount;
  const filled = rowCount - missing;
  if (rowCount === 0) return [];
  if (filled === 0) return ['empty'];
  const isWords = type === 'VARCHAR';
  return [
    ...(missing >= mostlyMissing * rowCount ? (['mostly-missing'] as const) : []),
    ...(distinctCount === 1 && filled > 1 ? (['constant'] as const) : []),
    ...(isWords && filled >= fewRows && distinctCount >= manyDifferent * filled
      ? (['many-different'] as const)
      : []),
    ...(mixed !== null && Math.max(mixed.numbers, mixed.times) >= mostlyNumbers ? (['mixed'] as const) : []),
  ];
}
