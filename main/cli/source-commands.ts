import type { Command, Option } from 'commander';
import { examples } from './examples.ts';
import type { RestoreOptions } from './restore-command.ts';

/** The commands over the code of runs. */
export function addSourceCommands(
  program: Command,
  { home, json }: { home: () => Option; json: () => Option },
): void {
  program
    .command('restore')
    .description('write the code of a run into a new folder, or make a branch of it; nothing is written over')
    .argument('<run>', 'the id of a run, or the beginning of it')
    .argument('[dest]', 'a folder that is not there yet, or is empty')
    .addOption(home())
    .option('--branch <name>', 'make a branch of your repository there, without checking it out')
    .addOption(json())
    .addHelpText(
      'after',
      examples('benchtop restore 3f2a ~/restored', 'benchtop restore 3f2a --branch from-3f2a'),
    )
    .action(async (run: string, dest: string | undefined, options: RestoreOptions) =>
      (await import('./restore-command.ts')).restoreCommand(run, dest, options),
    );
}
