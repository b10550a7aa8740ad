import type { Command, Option } from 'commander';
import type { CompareOptions } from './compare-command.ts';
import { examples } from './examples.ts';

/** The commands over versions: what runs share, and what brings one back. */
export function addVersionCommands(
  program: Command,
  { home, json }: { home: () => Option; json: () => Option },
): void {
  program
    .command('compare')
    .description('what two runs do not share, the likeliest cause first, and what came of it')
    .argument('<run>', 'the id of a run, or the beginning of it')
    .argument('[other]', 'the run to hold against it, or the word best; the previous run when left out')
    .addOption(home())
    .addOption(json())
    .addHelpText(
      'after',
      examples('benchtop compare 3f2a 81c0', 'benchtop compare 81c0', 'benchtop compare 81c0 best --json'),
    )
    .action(async (run: string, other: string | undefined, options: CompareOptions) =>
      (await import('./compare-command.ts')).compareCommand(run, other, options),
    );
}
