import { Option, type Command } from 'commander';
import type { BinOptions } from './bin-commands.ts';
import { examples } from '../examples.ts';
import { ageMs, homeOption, jsonOption } from '../options.ts';
import type { GcOptions } from './gc-command.ts';
import type { VerifyOptions } from './verify-command.ts';

/** The commands over what is kept and what is given up. */
export function addStorageCommands(program: Command): void {
  program
    .command('delete')
    .description('put runs into the bin; nothing is erased')
    .argument('<run...>', 'the ids of runs, or the beginnings of them')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop delete 3f2a 81c0'))
    .action(async (runs: string[], options: BinOptions) =>
      (await import('./bin-commands.ts')).deleteCommand(runs, options),
    );

  program
    .command('undelete')
    .description('take runs back out of the bin')
    .argument('<run...>', 'the ids of runs, or the beginnings of them')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop runs --deleted', 'benchtop undelete 3f2a'))
    .action(async (runs: string[], options: BinOptions) =>
      (await import('./bin-commands.ts')).undeleteCommand(runs, options),
    );

  program
    .command('gc')
    .description('erase what has lain in the bin long enough, and files that nothing refers to')
    .addOption(homeOption())
    .addOption(
      new Option('--older-than <age>', 'in the bin for so long, as 12h or 90d; 0 for all')
        .argParser(ageMs)
        .default(ageMs('30d'), '30d'),
    )
    .option('--dry-run', 'only say what would be erased, in bytes')
    .option('--yes', 'erase')
    .option('--now', 'give the room of erased files back to the disk at once, not after seven days')
    .option('--undo', 'bring back the files that were erased in the last seven days')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop gc --dry-run',
        'benchtop gc --older-than 90d --yes',
        'benchtop gc --yes --now',
        'benchtop gc --undo',
      ),
    )
    .action(async (options: GcOptions) => (await import('./gc-command.ts')).gcCommand(options));

  program
    .command('verify')
    .description('read every stored file again and hold it against its hash')
    .addOption(homeOption())
    .option('--repair', 'put another copy in the place of what is damaged, where there is one')
    .option('--from <dir>', 'look for copies there too: another home, or a folder with the original files')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop verify', 'benchtop verify --repair --from /media/backup/benchtop'),
    )
    .action(async (options: VerifyOptions) => (await import('./verify-command.ts')).verifyCommand(options));
}
