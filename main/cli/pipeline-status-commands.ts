import { Option, type Command } from 'commander';
import { examples } from './examples.ts';
import type { GraphOptions } from './graph-command.ts';
import type { StatusOptions } from './status-command.ts';

/** The commands that look at a pipeline and run nothing. */
export function addPipelineStatusCommands(
  program: Command,
  { home, json }: { home: () => Option; json: () => Option },
): void {
  program
    .command('status')
    .description('which stages of the pipeline have to run, and why')
    .argument('[stage...]', 'only these; all when left out')
    .addOption(home())
    .option('--project <dir>', 'the project; the folder you are in when left out')
    .option('--why <stage>', 'all reasons of one stage, with both sides of each difference')
    .addOption(json())
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
    .addOption(home())
    .option('--project <dir>', 'the project; the folder you are in when left out')
    .addOption(new Option('--dot', 'print it for Graphviz').conflicts(['mermaid', 'json']))
    .addOption(
      new Option('--mermaid', 'print it for Mermaid, as Markdown pages draw it').conflicts(['dot', 'json']),
    )
    .addOption(json())
    .addHelpText('after', examples('benchtop graph', 'benchtop graph --dot | dot -Tsvg > pipeline.svg'))
    .action(async (options: GraphOptions) => (await import('./graph-command.ts')).graphCommand(options));
}
