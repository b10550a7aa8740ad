export { announcedAddress, defaultHomePath, holdHome, type EngineAddress, type Home } from './home.ts';
export type { Migration } from './migrate.ts';
export { openStore, storeQueries, type Store } from './open-store.ts';
export { serveQueries } from './serve-queries.ts';
