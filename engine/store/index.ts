export { defaultHomePath } from './default-home-path.ts';
export { announcedAddress, type EngineAddress } from './engine-address.ts';
export { holdHome, type Home } from './home.ts';
export { comparators, comparisonSql, type Comparand, type Comparator, type SqlPart } from './comparison.ts';
export {
  cursorOf,
  keysetPage,
  sortedRows,
  type Cursor,
  type SortedRow,
  type SortKey,
} from './keyset-page.ts';
export type { Migration } from './migrate.ts';
export { numberOfText } from './number-of-text.ts';
export { openStore, storeQueries, type Store } from './open-store.ts';
export { prepared } from '../prepared.ts';
export { serveQueries } from './serve-queries.ts';
export type { Deferred } from './writer.ts';
