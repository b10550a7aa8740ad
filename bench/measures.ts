import { chartRedraw } from './chart-redraw.ts';
import { engineStart } from './engine-start.ts';
import { firstPaint } from './first-paint.ts';
import { idleEngine } from './idle-engine.ts';
import { idlePage } from './idle-page.ts';
import type { Measure } from './measure.ts';
import { rpcRoundTrip } from './rpc-round-trip.ts';
import { runsTable } from './runs-table.ts';
import { storeWrites } from './store-writes.ts';

/** Every measure, in the order of docs/benchmarks.md. */
export const measures: readonly Measure[] = [
  engineStart,
  firstPaint,
  idleEngine,
  idlePage,
  rpcRoundTrip,
  storeWrites,
  runsTable,
  chartRedraw,
];
