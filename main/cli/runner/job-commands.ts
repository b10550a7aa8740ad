import type { Command } from 'commander';
import type { AttachOptions } from './attach-command.ts';
import { examples } from '../examples.ts';
import { homeOption, jsonOption, runMeaning } from '../options.ts';
import type { PsOptions } from './ps-command.ts';
import type { QueueOptions } from './queue-command.ts';
import type { StopOptions } from './stop-command.ts';

/** The commands over what runs and what waits. */
export function addJobCommands(program: Command): void {
  program
    .command('ps')
    .description('list what runs and what waits, with progress and time left where the run tells')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop ps', 'benchtop ps --json'))
    .action(async (options: PsOptions) => (await import('./ps-command.ts')).psCommand(options));

  program
    .command('attach')
    .description('follow a run and end with its exit code; Ctrl-C leaves it running')
    .argument('<run>', runMeaning)
    .addOption(homeOption())
    .option('--json', 'wait, and print the record of the run as JSON in place of its output')
    .addHelpText('after', examples('benchtop attach 3f2a', 'benchtop attach 3f2a --json'))
    .action(async (run: string, options: AttachOptions) =>
      (await import('./attach-command.ts')).attachCommand(run, options),
    );

  program
    .command('stop')
    .description('end a run with everything it started, and say how it ended')
    .argument('<run>', runMeaning)
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop stop 3f2a', 'benchtop stop 3f2a --json'))
    .action(async (run: string, options: StopOptions) =>
      (await import('./stop-command.ts')).stopCommand(run, options),
    );

  for (const [name, word, isPaused] of [
    ['pause', 'stop a run where it stands, with everything it started; its memory stays taken', true],
    ['resume', 'let a paused run go on', false],
  ] as const) {
    program
      .command(name)
      .description(word)
      .argument('<run>', runMeaning)
      .addOption(homeOption())
      .addOption(jsonOption())
      .addHelpText('after', examples(`benchtop ${name} 3f2a`))
      .action(async (run: string, options: StopOptions) =>
        (await import('./pause-command.ts')).pauseCommand(run, isPaused, options),
      );
  }

  program
    .command('queue')
    .description('list the queue, hold it, let it go on, or put a waiting run first')
    .addOption(homeOption())
    .option('--hold', 'begin nobody new; what runs goes on')
    .option('--release', 'go on')
    .option('--first <run>', 'put a waiting run before all others')
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop queue', 'benchtop queue --hold', 'benchtop queue --first 3f2a'))
    .action(async (options: QueueOptions) => (await import('./queue-command.ts')).queueCommand(options));
}
