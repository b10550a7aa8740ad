import { InvalidArgumentError, Option, type Command } from 'commander';
import { defaultTolerance, type ToleranceSettings } from '../../../contract/index.ts';
import type { CompareOptions } from './compare-command.ts';
import { examples } from '../examples.ts';
import { homeOption, jsonOption, runMeaning } from '../options.ts';
import { withTolerance } from './parse-tolerance.ts';
import type { ReproduceOptions } from './reproduce-command.ts';
import type { RestoreOptions } from './restore-command.ts';

/** The commands over versions: what runs do not share, and what brings one back. */
export function addVersionCommands(program: Command): void {
  program
    .command('compare')
    .description('what two runs do not share, the likeliest cause first, and what came of it')
    .argument('<run>', runMeaning)
    .argument('[other]', 'the run to hold against it, or the word best; the previous run when left out')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop compare 3f2a 81c0', 'benchtop compare 81c0', 'benchtop compare 81c0 best --json'),
    )
    .action(async (run: string, other: string | undefined, options: CompareOptions) =>
      (await import('./compare-command.ts')).compareCommand(run, other, options),
    );

  program
    .command('reproduce')
    .description('run a run once more in a folder of its own, and judge what comes of it')
    .argument('<run>', runMeaning)
    .addOption(homeOption())
    .addOption(
      new Option(
        '--tolerance <how>',
        'how far numbers may be apart: 1e-4 of their size; of one metric: loss=0.01, auc=1%; spread:5 for as far as five repeats with other seeds come; may be given several times',
      )
        .argParser(toleranceOption)
        .default({ all: defaultTolerance, metrics: {}, spread: null }, '1e-5 of their size'),
    )
    .option('--twice', 'once again against the first reproduction: is the run deterministic?')
    .option('--dry-run', 'only list what is there and what is missing')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop reproduce 3f2a',
        'benchtop reproduce 3f2a --dry-run',
        'benchtop reproduce 3f2a --tolerance 1e-3 --tolerance auc=1%',
        'benchtop reproduce 3f2a --tolerance spread:5',
        'benchtop reproduce 3f2a --twice --json',
      ),
    )
    .action(async (run: string, options: ReproduceOptions) =>
      (await import('./reproduce-command.ts')).reproduceCommand(run, options),
    );

  program
    .command('restore')
    .description('write the code of a run into a new folder, or make a branch of it; nothing is written over')
    .argument('<run>', runMeaning)
    .argument('[dest]', 'a folder that is not there yet, or is empty')
    .addOption(homeOption())
    .option('--branch <name>', 'make a branch of your repository there, without checking it out')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop restore 3f2a ~/restored', 'benchtop restore 3f2a --branch from-3f2a'),
    )
    .action(async (run: string, dest: string | undefined, options: RestoreOptions) =>
      (await import('./restore-command.ts')).restoreCommand(run, dest, options),
    );
}

function toleranceOption(text: string, before: ToleranceSettings): ToleranceSettings {
  const after = withTolerance(before, text);
  if (after === null)
    throw new InvalidArgumentError(
      'A tolerance is written as 1e-4, of one metric as loss=0.01 or auc=1%, or as spread:5 (1 to 20 repeats).',
    );
  return after;
}
