import { z } from 'zod';
import { numbersIn, pythonJson } from '../metrics/index.ts';
import { linesOf } from './lines-of.ts';
import type { FileFormat, Row } from './row.ts';
import { clockMs, isClock, isCounter, stepColumn } from './step-names.ts';

const lastStep = z.object({ step: z.number() });

/**
 * One JSON object a line with a counter (step, epoch, …) and numbers, as MMEngine's scalars.json and many training loops
 * have it. An object without a counter makes it a file of data.
 */
export const jsonLinesLog: FileFormat = {
  isWritten: 'by appending',
  read(bytes, saved) {
    const { lines, usedBytes } = linesOf(bytes);
    const restored = lastStep.safeParse(saved);
    let step = restored.success ? restored.data.step : Number.NEGATIVE_INFINITY;
    const rows: Row[] = [];
    for (const line of lines) {
      if (line.trim() === '') continue;
      const row = measuredRow(pythonJson(line));
      if (row === null || row.step < step) return null;
      step = row.step;
      if (row.values.length > 0) rows.push(row);
    }
    return { usedBytes, rows, state: Number.isFinite(step) ? { step } : null };
  },
};

/** The numbers of an object, by the counter in it; null for what has none. */
export function measuredRow(object: unknown): Row | null {
  if (typeof object !== 'object' || object === null) return null;
  const numbers = numbersIn(object);
  const step = numbers[stepColumn(numbers.map(([name]) => name))]?.[1];
  if (step === undefined || !Number.isFinite(step)) return null;
  const clock = numbers.find(([name]) => isClock(name))?.[1];
  return {
    // Trainers count epochs in parts of one; a step is a whole number all the same.
    step: Math.floor(step),
    timeMs: clock === undefined ? null : clockMs(clock),
    values: numbers.flatMap(([name, value]): [string, number][] =>
      isClock(name) || isCounter(name) ? [] : [[name, value]],
    ),
  };
}
