import { assertNever } from './assert-never.ts';
import type { ColumnWarning } from './tables.ts';

/** What should be looked at in a column, in a few words. */
export function columnWarningText(warning: ColumnWarning): string {
  switch (warning) {
    case 'empty':
      return 'every cell is empty';
    case 'mostly-missing':
      return 'half of the cells or more are empty';
    case 'constant':
      return 'one value in every row';
    case 'many-different':
      return 'hardly a value comes twice';
    case 'mixed':
      return 'numbers or dates, and words among them';
    default:
      return assertNever(warning);
  }
}
