import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { homeOption, jsonOption } from '../options.ts';
import type { DataCheckoutOptions } from './data-checkout-command.ts';
import type { DataDiffOptions } from './data-diff-command.ts';
import type { DataLogOptions } from './data-log-command.ts';
import type { DataSnapshotOptions } from './data-snapshot-command.ts';

/** The commands over versions of data. */
export function addDataCommands(program: Command): void {
  const data = program.command('data').description('versions of the files and folders that runs read');

  data
    .command('snapshot')
    .description('record what a file or folder holds now as a version of it; nothing in it is changed')
    .argument('<path>', 'a file or a folder')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop data snapshot data/', 'benchtop data snapshot train.csv --json'))
    .action(async (path: string, options: DataSnapshotOptions) =>
      (await import('./data-snapshot-command.ts')).dataSnapshotCommand(path, options),
    );

  data
    .command('log')
    .description('list the versions of a file or folder, the newest first')
    .argument('<path>', 'a file or a folder of which versions are recorded')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop data log data/', 'benchtop data log train.csv --json'))
    .action(async (path: string, options: DataLogOptions) =>
      (await import('./data-log-command.ts')).dataLogCommand(path, options),
    );

  data
    .command('diff')
    .description('show what differs between two versions: files, and rows of CSV and Parquet')
    .argument('<a>', 'a version (the beginning of its id), or a path for its last one')
    .argument('<b>', 'the version to compare it with')
    .addOption(homeOption())
    .option('--key <columns>', 'what makes a row the same row in both, such as: id or year,month,day')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop data diff 81c0 3f2a', 'benchtop data diff 81c0 data/train.csv --key id'),
    )
    .action(async (before: string, after: string, options: DataDiffOptions) =>
      (await import('./data-diff-command.ts')).dataDiffCommand(before, after, options),
    );

  data
    .command('checkout')
    .description('write a version into a new folder; nothing that is there is written over')
    .argument('<version>', 'a version (the beginning of its id), or a path for its last one')
    .argument('<dest>', 'a folder that is not there yet, or is empty')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop data checkout 81c0 /tmp/january'))
    .action(async (version: string, destination: string, options: DataCheckoutOptions) =>
      (await import('./data-checkout-command.ts')).dataCheckoutCommand(version, destination, options),
    );
}
