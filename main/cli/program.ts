import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultHomePath } from '../../engine/index.ts';
import { examples } from './examples.ts';
import type { EnvListOptions } from './env-list-command.ts';
import type { ServeOptions } from './serve-command.ts';
import type { RunOptions } from './run-command.ts';
import type { RunsOptions } from './runs-command.ts';
import type { LogsOptions } from './logs-command.ts';
import type { OpenOptions } from './open-command.ts';
import type { ShowOptions } from './show-command.ts';
import { addJobCommands } from './job-commands.ts';
import { parseDuration } from './parse-duration.ts';
import { version } from '../installation.ts';

/** The command line. Each command's work is loaded when it is called, so that `--help` and `run` start quickly. */
export function createProgram(): Command {
  const program = new Command('benchtop')
    .description('Local MLOps on one laptop: records every run, with no change to your scripts.')
    .version(version)
    .enablePositionalOptions()
    .showSuggestionAfterError();
  const home = () =>
    new Option('--home <dir>', 'the folder that holds everything').default(
      defaultHomePath(),
      'BENCHTOP_HOME or the data folder of this system',
    );
  const json = () => new Option('--json', 'print JSON');

  program
    .command('serve')
    .description('run the engine and serve the window on loopback')
    .addOption(home())
    .addOption(
      new Option('--port <n>', 'the port; a free one when left out')
        .argParser(portNumber)
        .default(0, 'a free one'),
    )
    .addOption(
      new Option('--auth <how>', 'who may connect: whoever has the token, or every program of this machine')
        .choices(['token', 'none'])
        .default('token'),
    )
    .option('--open', 'open the window in the default browser')
    .addOption(
      new Option('--exit-when-idle <seconds>', 'end when nothing runs and nobody is connected')
        .argParser(Number)
        .hideHelp(),
    )
    .addHelpText(
      'after',
      examples('benchtop serve', 'benchtop serve --home ~/experiments --port 5000 --auth none'),
    )
    .action(async (options: ServeOptions) => (await import('./serve-command.ts')).serveCommand(options));

  program
    .command('run')
    .description('run a command and record it; its output and exit code are passed through')
    .argument('<command...>', 'the command with its arguments, after --')
    .addOption(home())
    .option('--project <dir>', 'the project; the folder you are in when left out')
    .option('--name <name>', 'a name for the run')
    .addOption(
      new Option('--param <name=value>', 'a param to record; may be given several times')
        .argParser(nameAndValue)
        .default({}, 'those of the command line'),
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
        'id=$(benchtop run --detach -- python train.py)',
      ),
    )
    .action(async (command: string[], options: RunOptions) =>
      (await import('./run-command.ts')).runCommand(command, options),
    );

  program
    .command('runs')
    .description('list runs, the newest first')
    .argument('[filter]', 'words, or comparisons such as: metrics.loss < 0.5 status = failed', '')
    .addOption(home())
    .option('--project <dir>', 'only the runs of this project')
    .addOption(new Option('--limit <n>', 'how many').argParser(Number).default(20))
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'benchtop runs',
        'benchtop runs "status = failed" --json',
        'benchtop runs "params.lr > 0.1" --project .',
      ),
    )
    .action(async (filter: string, options: RunsOptions) =>
      (await import('./runs-command.ts')).runsCommand(filter, options),
    );

  program
    .command('logs')
    .description('print the console output of a run')
    .argument('<run>', 'the id of a run, or the beginning of it')
    .addOption(home())
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

  program
    .command('env')
    .description('the interpreters that run your scripts')
    .command('list')
    .description('list the interpreters found on this laptop, and why one cannot be used')
    .addOption(home())
    .option('--project <dir>', 'the project; the folder you are in when left out')
    .addOption(json())
    .addHelpText('after', examples('benchtop env list', 'benchtop env list --project ~/flights --json'))
    .action(async (options: EnvListOptions) =>
      (await import('./env-list-command.ts')).envListCommand(options),
    );

  program
    .command('show')
    .description('show what is recorded of a run: how it ended, command, params, metrics, artifacts, tags')
    .argument('<run>', 'the id of a run, or the beginning of it')
    .addOption(home())
    .addOption(json())
    .addHelpText('after', examples('benchtop show 3f2a', 'benchtop show 3f2a --json'))
    .action(async (run: string, options: ShowOptions) =>
      (await import('./show-command.ts')).showCommand(run, options),
    );

  addJobCommands(program, { home, json });

  program
    .command('open')
    .description('open the window in the default browser')
    .argument('[run]', 'the id of a run, or the beginning of it')
    .addOption(home())
    .option('--print', 'print the address only')
    .addHelpText('after', examples('benchtop open', 'benchtop open 3f2a --print'))
    .action(async (run: string | undefined, options: OpenOptions) =>
      (await import('./open-command.ts')).openCommand(run, options),
    );

  return program;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

function gpuNumber(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 64)
    throw new InvalidArgumentError('A number of GPUs is a whole number from 0 to 64.');
  return count;
}

function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('A duration is written as 90s, 10m, 1h30m or 2d.');
  return ms;
}

function nameAndValue(text: string, before: Record<string, string>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('A param is written as name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
