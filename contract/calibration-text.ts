import type { Calibration } from './performance.ts';

/** How far what was told lies from what came true, in words. */
export function calibrationText({ reference, current }: Calibration): string {
  const of = (error: number | null) => (error === null ? '?' : error.toFixed(3));
  const now =
    current.expectedError === null
      ? 'no label says yet how it is now'
      : `${of(current.expectedError)} now, by ${current.rowCount.toLocaleString('en-US')} labels`;
  return `Expected calibration error, in ten bins: ${of(reference.expectedError)} in the reference, ${now}.`;
}
