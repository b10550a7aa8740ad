import { Option, type Command } from 'commander';
import { examples } from '../examples.ts';
import { homeOption, jsonOption } from '../options.ts';
import type { GraphOptions } from './graph-command.ts';
import { pipelineOption } from './pipeline-project.ts';
import type { ReproOptions } from './repro-command.ts';
import type { StatusOptions } from './status-command.ts';
import { wholeNumber } from '../whole-number.ts';

/** The commands over a pipeline: running it, and looking at it. */
export function addPipelineCommands(program: Command): void {
  program
    .command('repro')
    .description('run what is stale of the pipeline, each stage after those whose outputs it reads')
    .argument('[stage...]', 'up to these; all when left out')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .addOption(
      new Option('-j, --jobs <n>', 'stages at once; as many as runs when left out').argParser(wholeNumber),
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
    .addOption(jsonOption())
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

  program
    .command('status')
    .description('which stages of the pipeline have to run, and why')
    .argument('[stage...]', 'only these; all when left out')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .option('--why <stage>', 'all reasons of one stage, with both sides of each difference')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop status', 'benchtop status --why train', 'benchtop status --json'),
    )
    .action(async (stages: string[], options: StatusOptions) =>
      (await import('./status-command.ts')).statusCommand(stages, options),
    );

  program
    .command('graph')
    .description('which stage of the pipeline reads what another writes')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .addOption(new Option('--dot', 'print it for Graphviz').conflicts(['mermaid', 'json']))
    .addOption(
      new Option('--mermaid', 'print it for Mermaid, as Markdown pages draw it').conflicts(['dot', 'json']),
    )
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop graph', 'benchtop graph --dot | dot -Tsvg > pipeline.svg'))
    .action(async (options: GraphOptions) => (await import('./graph-command.ts')).graphCommand(options));
}
