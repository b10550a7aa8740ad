import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../examples.ts';
import { durationMs, homeOption, oneMore, projectOption, runMeaning } from '../options.ts';
import type { LogsOptions } from './logs-command.ts';
import type { RunOptions } from './run-command.ts';

/** The commands that run a program, and print what it printed. */
export function addRunCommands(program: Command): void {
  program
    .command('run')
    .description('run a command and record it; its output and exit code are passed through')
    .argument('<command...>', 'the command with its arguments, after --')
    .addOption(homeOption())
    .addOption(projectOption())
    .option('--name <name>', 'a name for the run')
    .addOption(
      new Option('--param <name=value>', 'a param to record; may be given several times')
        .argParser(nameAndValue)
        .default({}, 'those of the command line'),
    )
    .addOption(
      new Option('--input <path>', 'data that it reads, recorded as a version; may be given several times')
        .argParser(oneMore)
        .default([], 'none'),
    )
    .addOption(
      new Option('--timeout <duration>', 'end it after 90s, 10m, 2h; exit code 124 then').argParser(
        durationMs,
      ),
    )
    .addOption(
      new Option(
        '--gpu <n>',
        'GPUs for itself alone; on a machine that has some one when left out, 0 for none',
      ).argParser(gpuNumber),
    )
    .addOption(
      new Option('--priority <how>', 'where it comes into the queue: before those of less').choices([
        'high',
        'normal',
        'low',
      ]),
    )
    .option('--detach', 'print the id and return; the run goes on')
    .addOption(
      new Option('--queue', 'put it into the queue and return: as --detach').implies({ detach: true }),
    )
    .option('--json', 'print the record of the run as JSON in place of its output')
    .passThroughOptions()
    .addHelpText(
      'after',
      examples(
        'benchtop run -- python train.py --epochs 10',
        'benchtop run --name baseline --param lr=0.1 --timeout 2h -- Rscript fit.R',
        'benchtop run --input data/2013 -- python train.py',
        'id=$(benchtop run --detach -- python train.py)',
      ),
    )
    .action(async (command: string[], options: RunOptions) =>
      (await import('./run-command.ts')).runCommand(command, options),
    );

  program
    .command('logs')
    .description('print the console output of a run')
    .argument('<run>', runMeaning)
    .addOption(homeOption())
    .option('--follow', 'go on until the run ends')
    .option('--grep <pattern>', 'only the lines that match; exit code 1 when none does')
    .option('--json', 'print a JSON object a line')
    .addHelpText(
      'after',
      examples('benchtop logs 3f2a', 'benchtop logs 3f2a --follow', "benchtop logs 3f2a --grep 'error|nan'"),
    )
    .action(async (run: string, options: LogsOptions) =>
      (await import('./logs-command.ts')).logsCommand(run, options),
    );
}

function gpuNumber(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 64)
    throw new InvalidArgumentError('A number of GPUs is a whole number from 0 to 64.');
  return count;
}

function nameAndValue(text: string, before: Record<string, string>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('A param is written as name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
