import { data } from './data.ts';
import { environments } from './environments.ts';
import { pipelineExecutions } from './pipeline-executions.ts';
import { pipelineProposals } from './pipeline-proposal.ts';
import { pipelineStatus } from './pipeline-status.ts';
import { pipelineTriggers } from './pipeline-triggers.ts';
import { pipelines } from './pipelines.ts';
import { preferences } from './preferences.ts';
import { projects } from './projects.ts';
import { runner } from './runner.ts';
import { source } from './source.ts';
import { system } from './system.ts';
import { tracking } from './tracking.ts';

/** What an engine answers from its first moment: all that runs and pipelines need. */
export const firstRooms = {
  system,
  preferences,
  projects,
  tracking,
  runner,
  environments,
  data,
  pipelines: {
    ...pipelines,
    ...pipelineExecutions,
    ...pipelineStatus,
    ...pipelineTriggers,
    ...pipelineProposals,
  },
  source,
};
