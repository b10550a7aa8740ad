import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { homeOption, jsonOption } from '../options.ts';
import type { DriftOptions } from './drift-command.ts';
import { columnTests } from './column-tests.ts';
import type { ProfileOptions } from './profile-command.ts';

/** The commands over tables anywhere. */
export function addDriftCommands(program: Command): void {
  program
    .command('profile')
    .description('sum up the columns of a table: types, empty cells, quantiles, frequent values')
    .argument(
      '<file>',
      'CSV, TSV, JSON lines (also with .gz) or Parquet; or a data version, as VERSION or VERSION:PATH',
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop profile flights.parquet', 'benchtop profile 81c0:train.csv --json'),
    )
    .action(async (file: string, options: ProfileOptions) =>
      (await import('./profile-command.ts')).profileCommand(file, options),
    );

  program
    .command('drift')
    .description('tell whether and how the columns of one table differ from those of another')
    .argument(
      '<reference>',
      'the table that is held to be right: a file, or a data version as VERSION or VERSION:PATH',
    )
    .argument('<current>', 'the table that is held against it, likewise')
    .addOption(homeOption())
    .option(
      '--column-tests <tests>',
      'other tests than the usual ones: delay=cramer-von-mises,…',
      columnTests,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop drift january.csv july.csv',
        'benchtop drift 81c0:train.csv data/train.csv',
        'benchtop drift train.parquet live.parquet --column-tests origin=two-proportion --json',
      ),
    )
    .action(async (reference: string, current: string, options: DriftOptions) =>
      (await import('./drift-command.ts')).driftCommand(reference, current, options),
    );
}
