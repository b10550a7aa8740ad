import { bin } from './bin.ts';
import { comparison } from './comparison.ts';
import { data } from './data.ts';
import { environments } from './environments.ts';
import { gates } from './gates.ts';
import { monitoring } from './monitoring.ts';
import { objects } from './objects.ts';
import { pipelineExecutions } from './pipeline-executions.ts';
import { pipelineProposals } from './pipeline-proposal.ts';
import { pipelineStatus } from './pipeline-status.ts';
import { pipelineTriggers } from './pipeline-triggers.ts';
import { pipelines } from './pipelines.ts';
import { preferences } from './preferences.ts';
import { projects } from './projects.ts';
import { registry } from './registry.ts';
import { reproduction } from './reproduction.ts';
import type { Client, Handlers } from './rpc/procedure.ts';
import { runner } from './runner.ts';
import { source } from './source.ts';
import { sql } from './sql.ts';
import { sync } from './sync.ts';
import { team } from './team.ts';
import { system } from './system.ts';
import { traces } from './traces.ts';
import { tracking } from './tracking.ts';

/** Everything the window and the engine can say to each other. */
export const contract = {
  system,
  preferences,
  projects,
  tracking,
  objects,
  runner,
  environments,
  comparison,
  gates,
  reproduction,
  data,
  monitoring,
  pipelines: {
    ...pipelines,
    ...pipelineExecutions,
    ...pipelineStatus,
    ...pipelineTriggers,
    ...pipelineProposals,
  },
  registry,
  source,
  sql,
  sync: { ...sync, ...team },
  bin,
  traces,
};

export type EngineApi = Client<typeof contract>;
export type EngineHandlers = Handlers<typeof contract>;
/** One room's share of the handlers. */
export type RoomHandlers<Room extends keyof typeof contract> = EngineHandlers[Room];

export * from './approval-request.ts';
export * from './assert-never.ts';
export * from './bin.ts';
export * from './calibration-text.ts';
export * from './commands.ts';
export * from './cron-text.ts';
export * from './comparison.ts';
export * from './column-warning-text.ts';
export * from './data.ts';
export * from './default-tolerance.ts';
export * from './drift.ts';
export * from './environments.ts';
export * from './benchtop-error.ts';
export * from './errors.ts';
export * from './four-digits.ts';
export * from './is-model-file.ts';
export * from './labels-text.ts';
export * from './gate-report.ts';
export * from './gates.ts';
export * from './metric-direction.ts';
export * from './model-cards.ts';
export * from './model-importance.ts';
export * from './monitoring.ts';
export * from './native-bridge.ts';
export * from './objects.ts';
export * from './performance.ts';
export * from './pipeline-executions.ts';
export * from './pipeline-files.ts';
export * from './pipeline-proposal.ts';
export * from './pipeline-status.ts';
export * from './pipeline-triggers.ts';
export * from './pipelines.ts';
export * from './preferences.ts';
export * from './probability-columns.ts';
export * from './projects.ts';
export * from './registry.ts';
export * from './registry-history.ts';
export * from './reproduction.ts';
export * from './rpc/client.ts';
export * from './rpc/event-queue.ts';
export * from './rpc/frame.ts';
export * from './rpc/message.ts';
export * from './rpc/message-port.ts';
export * from './rpc/port.ts';
export * from './rpc/procedure.ts';
export * from './rpc/server.ts';
export * from './rpc/socket-protocols.ts';
export * from './rpc/web-socket.ts';
export * from './rule-text.ts';
export * from './run-gap.ts';
export * from './runner.ts';
export * from './source.ts';
export * from './sql.ts';
export * from './stage-defaults.ts';
export * from './stage-reason-text.ts';
export * from './sync.ts';
export * from './system.ts';
export * from './tables.ts';
export * from './team.ts';
export * from './traces.ts';
export * from './tracking.ts';
export * from './version-comparison.ts';
export * from './word-lists.ts';
