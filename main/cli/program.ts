import { Command } from 'commander';
import { version } from '../installation.ts';
import { addDataCommands } from './data/data-commands.ts';
import { addDriftCommands } from './drift/drift-commands.ts';
import { addEnvironmentCommands } from './environments/environment-commands.ts';
import { addGateCommands } from './gates/gate-commands.ts';
import { addMonitorCommands } from './monitoring/monitor-commands.ts';
import { addStorageCommands } from './objects/storage-commands.ts';
import { addPipelineCommands } from './pipelines/pipeline-commands.ts';
import { addTriggerCommands } from './pipelines/trigger-commands.ts';
import { addModelCommands } from './registry/model-commands.ts';
import { addJobCommands } from './runner/job-commands.ts';
import { addRunCommands } from './runner/run-commands.ts';
import { addSyncCommands } from './sync/sync-commands.ts';
import { addTrackingCommands } from './tracking/tracking-commands.ts';
import { addVersionCommands } from './versions/version-commands.ts';
import { addWindowCommands } from './window-commands.ts';

/** The command line. Each command's work is loaded when it is called, so that `--help` and `run` start quickly. */
export function createProgram(): Command {
  const program = new Command('benchtop')
    .description('Local MLOps on one laptop: records every run, with no change to your scripts.')
    .version(version)
    .enablePositionalOptions()
    .showSuggestionAfterError();
  addWindowCommands(program);
  addRunCommands(program);
  addJobCommands(program);
  addTrackingCommands(program);
  addVersionCommands(program);
  addGateCommands(program);
  addEnvironmentCommands(program);
  addDataCommands(program);
  addDriftCommands(program);
  addMonitorCommands(program);
  addModelCommands(program);
  addPipelineCommands(program);
  addTriggerCommands(program);
  addStorageCommands(program);
  addSyncCommands(program);
  return program;
}
