import { Option, type Command } from 'commander';
import { examples } from './examples.ts';
import type { ReproOptions } from './repro-command.ts';
import { wholeNumber } from './whole-number.ts';

/** The command that runs a pipeline. */
export function addPipelineCommands(
  program: Command,
  { home, json }: { home: () => Option; json: () => Option },
): void {
  program
    .command('repro')
    .description('run what is stale of the pipeline, each stage after those whose outputs it reads')
    .argument('[stage...]', 'up to these; all when left out')
    .addOption(home())
    .option(
      '--project <dir>',
      'the project; the nearest folder with a pipeline, from where you are, when left out',
    )
    .addOption(
      new Option('-j, --jobs <n>', 'stages at once, at most as many as runs; that many when left out').argParser(
        wholeNumber,
      ),
    )
    .option('--dry', 'print what would run, why, and about how long it would take')
    .option('-f, --force', 'run the stages also where nothing changed')
    .option('-k, --keep-going', 'after a failure go on with what does not need the stage that failed')
    .addOption(
      new Option('--downstream', 'the named stages and all that read their outputs').conflicts('singleItem'),
    )
    .option('-s, --single-item', 'only the named stages')
    .addOption(
      new Option('--resume', 'go on with the last execution, which failed or was cancelled').conflicts([
        'dry',
        'force',
        'jobs',
        'keepGoing',
        'downstream',
        'singleItem',
      ]),
    )
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'benchtop repro',
        'benchtop repro train -j 4',
        'benchtop repro --dry',
        'benchtop repro --resume',
      ),
    )
    .action(async (stages: string[], options: ReproOptions) =>
      (await import('./repro-command.ts')).reproCommand(stages, options),
    );
}
