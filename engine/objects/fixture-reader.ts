import { serveQueries, storeQueries } from '../store/index.ts';

// For tests: a reader thread with what the store itself asks; the engine's has every room, and takes much longer to start.
serveQueries(storeQueries);
