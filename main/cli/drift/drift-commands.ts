import { Option, type Command } from 'commander';
import { driftModes } from '../../../contract/index.ts';
import { examples } from '../examples.ts';
import { durationMs, homeOption, jsonOption } from '../options.ts';
import { wholeNumber } from '../whole-number.ts';
import type { DriftOptions } from './drift-command.ts';
import { columnTests } from './column-tests.ts';
import type { EstimateOptions } from './estimate-command.ts';
import { probabilityOption } from './probability-option.ts';
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
    .addOption(
      new Option('--mode <mode>', 'whose numbers and verdicts').choices(driftModes).default('benchtop'),
    )
    .option('--model <version>', 'rank the columns by what they are to a model too: late@champion, late/3')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop drift january.csv july.csv',
        'benchtop drift 81c0:train.csv data/train.csv',
        'benchtop drift train.csv live.csv --mode nannyml',
        'benchtop drift train.csv live.csv --model late@champion',
        'benchtop drift train.parquet live.parquet --column-tests origin=two-proportion --json',
      ),
    )
    .action(async (reference: string, current: string, options: DriftOptions) =>
      (await import('./drift-command.ts')).driftCommand(reference, current, options),
    );

  program
    .command('estimate')
    .description('tell what the answers of a classifier are worth, before and after their labels come')
    .requiredOption('--reference <file>', 'answers whose labels are known')
    .requiredOption('--current <file>', 'the answers that are asked about')
    .requiredOption(
      '--probability <columns>',
      'the column with the probability, or CLASS=COLUMN,… of several classes',
      probabilityOption,
    )
    .option('--prediction <column>', 'the class that was told; the likeliest when left out')
    .requiredOption('--label <column>', 'the class that was true')
    .option('--positive <class>', 'which of two classes the probability is of; 1 or true when left out')
    .option('--time <column>', 'when an answer was given')
    .option('--chunk-rows <n>', 'rows of a chunk; a tenth of the reference when left out', wholeNumber)
    .option('--labels <file>', 'labels that came later, with the column of --label')
    .option('--id <column>', 'what joins them: the same column in both files')
    .option('--label-time <column>', 'when a label came')
    .option('--maturity <duration>', 'how long labels take: 30d', durationMs)
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop estimate --reference test.csv --current live.csv --probability score --prediction told --label repaid',
        'benchtop estimate --reference test.csv --current live.csv --probability score --prediction told --label repaid --labels repaid.csv --id loan',
      ),
    )
    .action(async (options: EstimateOptions) =>
      (await import('./estimate-command.ts')).estimateCommand(options),
    );
}
