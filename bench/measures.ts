import { chartRedraw } from './chart-redraw.ts';
import { codeSnapshot } from './code-snapshot.ts';
import { dataSnapshot } from './data-snapshot.ts';
import { driftReport } from './drift-report.ts';
import { engineStart } from './engine-start.ts';
import { falseAlarms } from './false-alarms.ts';
import { firstPaint } from './first-paint.ts';
import { idleEngine } from './idle-engine.ts';
import { idlePage } from './idle-page.ts';
import { logBatch } from './log-batch.ts';
import { logMetric } from './log-metric.ts';
import { interpreters } from './interpreters.ts';
import { largeLog } from './large-log.ts';
import { lineToPixel } from './line-to-pixel.ts';
import { objectsHuge } from './objects-huge.ts';
import { objectsLarge } from './objects-large.ts';
import { objectsMany } from './objects-many.ts';
import { objectsPeers } from './objects-peers.ts';
import { objectsSmall } from './objects-small.ts';
import { outboxIdle } from './outbox-idle.ts';
import { outboxPage } from './outbox-page.ts';
import { outputCapture } from './output-capture.ts';
import { runSpeed } from './run-speed.ts';
import { runStart } from './run-start.ts';
import type { Measure } from './measure.ts';
import { metricToPixel } from './metric-to-pixel.ts';
import { pipelineNoOp } from './pipeline-no-op.ts';
import { pipelineSchedule } from './pipeline-schedule.ts';
import { pipelineThousand } from './pipeline-thousand.ts';
import { pipelineGraph } from './pipeline-graph.ts';
import { pointBytes } from './point-bytes.ts';
import { profileTable } from './profile-table.ts';
import { readiness } from './readiness.ts';
import { registryHistory } from './registry-history.ts';
import { rpcRoundTrip } from './rpc-round-trip.ts';
import { runSearch } from './run-search.ts';
import { runsTable } from './runs-table.ts';
import { seriesView } from './series-view.ts';
import { startLarge } from './start-large.ts';
import { storeWrites } from './store-writes.ts';
import { syncPush } from './sync-push.ts';

/** Every measure, in the order of docs/benchmarks.md. */
export const measures: readonly Measure[] = [
  engineStart,
  firstPaint,
  idleEngine,
  idlePage,
  rpcRoundTrip,
  storeWrites,
  runSearch,
  runsTable,
  chartRedraw,
  pipelineGraph,
  logBatch,
  logMetric,
  seriesView,
  pointBytes,
  startLarge,
  runStart,
  outputCapture,
  lineToPixel,
  metricToPixel,
  runSpeed,
  largeLog,
  interpreters,
  codeSnapshot,
  objectsSmall,
  objectsMany,
  objectsPeers,
  objectsLarge,
  objectsHuge,
  dataSnapshot,
  profileTable,
  driftReport,
  falseAlarms,
  readiness,
  pipelineNoOp,
  pipelineSchedule,
  pipelineThousand,
  registryHistory,
  syncPush,
  outboxPage,
  outboxIdle,
];
