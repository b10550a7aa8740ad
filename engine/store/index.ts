export { announcedAddress, defaultHomePath, holdHome, type EngineAddress, type Home } from './home.ts';
export { comparators, comparisonSql, type Comparand, type Comparator, type SqlPart } from './comparison.ts';
export { keysetPage, type Cursor, type SortKey } from './keyset-page.ts';
export type { Migration } from './migrate.ts';
export { prepared } from './prepared.ts';
export { openStore, storeQueries, type Store } from './open-store.ts';
export { serveQueries } from './serve-queries.ts';
export type { Deferred } from './writer.ts';
