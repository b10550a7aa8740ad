import { isNumeric } from './load-table.ts';

/** Of a type in DuckDB's words. */
export function kindOf(type: string): 'numbers' | 'times' | 'words' {
  return isNumeric(type) ? 'numbers' : /^(DATE|TIME|INTERVAL)/.test(type) ? 'times' : 'words';
}
