import type { Command } from 'commander';
import { examples } from '../examples.ts';
import { homeOption, jsonOption, projectOption, runMeaning } from '../options.ts';
import type { EnvListOptions } from './env-list-command.ts';
import type { EnvLockOptions } from './env-lock-command.ts';

/** The commands over interpreters and their packages. */
export function addEnvironmentCommands(program: Command): void {
  const env = program
    .command('env')
    .description('the interpreters that run your scripts, and what runs ran with');
  env
    .command('list')
    .description('list the interpreters found on this laptop, and why one cannot be used')
    .addOption(homeOption())
    .addOption(projectOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop env list', 'benchtop env list --project ~/flights --json'))
    .action(async (options: EnvListOptions) =>
      (await import('./env-list-command.ts')).envListCommand(options),
    );
  env
    .command('lock')
    .description('print what of a run’s environment can change its result, one fact a line')
    .argument('<run>', runMeaning)
    .addOption(homeOption())
    .option('--requirements', 'print its packages as a requirements file for pip and uv')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop env lock 3f2a', 'benchtop env lock 3f2a --requirements > requirements.txt'),
    )
    .action(async (run: string, options: EnvLockOptions) =>
      (await import('./env-lock-command.ts')).envLockCommand(run, options),
    );
}
