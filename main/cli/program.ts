import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultHomePath } from '../../engine/index.ts';
import { examples } from './examples.ts';
import type { EnvListOptions } from './env-list-command.ts';
import type { EnvLockOptions } from './env-lock-command.ts';
import type { ServeOptions } from './serve-command.ts';
import type { RunOptions } from './run-command.ts';
import type { RulesOptions } from './rules-command.ts';
import type { RunsOptions } from './runs-command.ts';
import type { LogsOptions } from './logs-command.ts';
import type { OpenOptions } from './open-command.ts';
import type { ShowOptions } from './show-command.ts';
import type { MetricsOptions } from './metrics-command.ts';
import type { SqlOptions } from './sql-command.ts';
import type { RunOrder } from '../../contract/index.ts';
import { parseOrder } from './parse-order.ts';
import { addDataCommands } from './data-commands.ts';
import { addJobCommands } from './job-commands.ts';
import { addPipelineCommands } from './pipeline-commands.ts';
import { addPipelineStatusCommands } from './pipeline-status-commands.ts';
import { addTriggerCommands } from './trigger-commands.ts';
import { addSourceCommands } from './source-commands.ts';
import { addStorageCommands } from './storage-commands.ts';
import { addVersionCommands } from './version-commands.ts';
import { parseDuration } from './parse-duration.ts';
import { version } from '../installation.ts';
import { wholeNumber } from './whole-number.ts';

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
    .addOption(
      new Option(
        '--default-artifact-root <uri>',
        'where new experiments keep their artifacts; clients write there themselves',
      ).argParser(artifactRoot),
    )
    .option('--open', 'open the window in the default browser')
    .addOption(
      new Option('--exit-when-idle <seconds>', 'end when nothing runs and nobody is connected')
        .argParser(Number)
        .hideHelp(),
    )
    .addHelpText(
      'after',
      examples(
        'benchtop serve',
        'benchtop serve --home ~/experiments --port 5000 --auth none',
        'benchtop serve --default-artifact-root file:///data/artifacts',
      ),
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
    .command('runs')
    .description('list runs, the newest first')
    .addOption(home())
    .option(
      '--filter <filter>',
      'words, or comparisons such as: metrics.loss < 0.5 AND (params.opt = adam OR starred)',
      '',
    )
    .addOption(
      new Option('--order <keys>', 'what to order by, such as: metrics.loss, started desc')
        .argParser(runOrder)
        .default([], 'the newest first'),
    )
    .addOption(
      new Option(
        '--columns <names>',
        'what to print of each, such as: name,params.lr,metrics.loss',
      ).argParser((text: string) => text.split(',')),
    )
    .option('--deleted', 'the runs of the bin')
    .option('--project <dir>', 'only the runs of this project')
    .addOption(new Option('--limit <n>', 'how many').argParser(wholeNumber).default(20))
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'benchtop runs',
        'benchtop runs --filter "status = failed" --json',
        'benchtop runs --filter "params.lr > 0.1 AND NOT adam" --order "metrics.loss, started desc"',
        'benchtop runs --columns name,params.lr,metrics.loss --limit 100',
      ),
    )
    .action(async (options: RunsOptions) => (await import('./runs-command.ts')).runsCommand(options));

  program
    .command('metrics')
    .description('print the points of a metric: step, time and value')
    .argument('<run>', 'the id of a run, or the beginning of it')
    .argument('<key>', 'the name of the metric')
    .addOption(home())
    .addOption(new Option('--from <step>', 'from this step on').argParser(Number))
    .addOption(new Option('--to <step>', 'up to this step').argParser(Number))
    .addOption(
      new Option('--points <n>', 'about how many; of more, those that keep every spike')
        .argParser(wholeNumber)
        .default(4000),
    )
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'benchtop metrics 3f2a loss',
        'benchtop metrics 3f2a val/loss --from 1000 --points 200 --json',
      ),
    )
    .action(async (run: string, key: string, options: MetricsOptions) =>
      (await import('./metrics-command.ts')).metricsCommand(run, key, options),
    );

  program
    .command('rules')
    .description('rename or ignore measures that are read from output and files, in all runs of a project')
    .addOption(home())
    .option('--project <dir>', 'the project; the folder you are in when left out')
    .addOption(
      new Option('--rename <name=new>', 'show what is read as <name> under another name')
        .argParser(nameAndName)
        .default({}, 'none'),
    )
    .addOption(
      new Option('--ignore <name>', 'do not show what is read as <name>')
        .argParser(oneMore)
        .default([], 'none'),
    )
    .addOption(
      new Option('--remove <name>', 'take the rule for <name> away').argParser(oneMore).default([], 'none'),
    )
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'benchtop rules',
        'benchtop rules --rename acc=accuracy --ignore port',
        'benchtop rules --remove acc --json',
      ),
    )
    .action(async (options: RulesOptions) => (await import('./rules-command.ts')).rulesCommand(options));

  program
    .command('sql')
    .description('answer one SELECT over the documented views (docs/sql.md); nothing can be written')
    .argument('<query>', 'the query, or - to read it from stdin')
    .addOption(home())
    .option('--csv', 'print CSV')
    .addOption(new Option('--limit <n>', 'how many rows').argParser(wholeNumber).default(10_000))
    .addOption(
      new Option('--timeout <duration>', 'end it after 90s, 10m')
        .argParser(durationMs)
        .default(30_000, '30s'),
    )
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'benchtop sql "SELECT name, status FROM runs ORDER BY started_at DESC LIMIT 5"',
        'benchtop sql --csv "SELECT r.name, m.last FROM runs r JOIN metrics m USING (run_id) WHERE m.key = \'loss\'" > loss.csv',
      ),
    )
    .action(async (query: string, options: SqlOptions) =>
      (await import('./sql-command.ts')).sqlCommand(query, options),
    );

  addStorageCommands(program, { home, json });
  addVersionCommands(program, { home, json });
  addPipelineCommands(program, { home, json });
  addPipelineStatusCommands(program, { home, json });
  addTriggerCommands(program, { home, json });
  addSourceCommands(program, { home, json });

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

  const env = program
    .command('env')
    .description('the interpreters that run your scripts, and what runs ran with');
  env
    .command('list')
    .description('list the interpreters found on this laptop, and why one cannot be used')
    .addOption(home())
    .option('--project <dir>', 'the project; the folder you are in when left out')
    .addOption(json())
    .addHelpText('after', examples('benchtop env list', 'benchtop env list --project ~/flights --json'))
    .action(async (options: EnvListOptions) =>
      (await import('./env-list-command.ts')).envListCommand(options),
    );
  env
    .command('lock')
    .description('print what of a run’s environment can change its result, one fact a line')
    .argument('<run>', 'the id of a run, or the beginning of it')
    .addOption(home())
    .option('--requirements', 'print its packages as a requirements file for pip and uv')
    .addOption(json())
    .addHelpText(
      'after',
      examples('benchtop env lock 3f2a', 'benchtop env lock 3f2a --requirements > requirements.txt'),
    )
    .action(async (run: string, options: EnvLockOptions) =>
      (await import('./env-lock-command.ts')).envLockCommand(run, options),
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
  addDataCommands(program, { home, json });

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

function runOrder(text: string): RunOrder[] {
  const order = parseOrder(text);
  if (order === null) throw new InvalidArgumentError('An order is written as: metrics.loss, started desc');
  return order;
}

function artifactRoot(text: string): string {
  if (text === '' || /^runs:|[#;]/.test(text) || text.length > 2048)
    throw new InvalidArgumentError('A root is a path or a URI without # and ;, at most 2048 characters.');
  return text;
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

const oneMore = (text: string, before: string[]): string[] => [...before, text];

function nameAndName(text: string, before: Record<string, string>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1)
    throw new InvalidArgumentError('A new name is written as name=new.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

function nameAndValue(text: string, before: Record<string, string>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new InvalidArgumentError('A param is written as name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
