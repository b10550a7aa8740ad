import { errorShapeOf } from '../../contract/index.ts';

/** What went wrong, for a person at a terminal: what happened, what shows it, and what to do next. */
export function errorText(error: unknown): string {
  const { what, evidence, next, at } = errorShapeOf(error);
  return [`benchtop: ${what}`, evidence, at === undefined ? undefined : `at character ${at.offset + 1}`, next]
    .filter((line) => line !== undefined)
    .join('\n  ');
}
