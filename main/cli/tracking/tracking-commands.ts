import { InvalidArgumentError, Option, type Command } from 'commander';
import type { RunOrder } from '../../../contract/index.ts';
import { examples } from '../examples.ts';
import { durationMs, homeOption, jsonOption, oneMore, projectOption, runMeaning } from '../options.ts';
import { wholeNumber } from '../whole-number.ts';
import type { MetricsOptions } from './metrics-command.ts';
import type { RulesOptions } from './rules-command.ts';
import type { RunsOptions } from './runs-command.ts';
import type { ShowOptions } from './show-command.ts';
import type { SqlOptions } from './sql-command.ts';
import { parseOrder } from './parse-order.ts';

/** The commands over what is recorded of runs. */
export function addTrackingCommands(program: Command): void {
  program
    .command('runs')
    .description('list runs, the newest first')
    .addOption(homeOption())
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
    .option('--evidence', 'also the runs that judged versions of models')
    .option('--project <dir>', 'only the runs of this project')
    .addOption(new Option('--limit <n>', 'how many').argParser(wholeNumber).default(20))
    .addOption(jsonOption())
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
    .command('show')
    .description('show what is recorded of a run: how it ended, command, params, metrics, artifacts, tags')
    .argument('<run>', runMeaning)
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop show 3f2a', 'benchtop show 3f2a --json'))
    .action(async (run: string, options: ShowOptions) =>
      (await import('./show-command.ts')).showCommand(run, options),
    );

  program
    .command('metrics')
    .description('print the points of a metric: step, time and value')
    .argument('<run>', runMeaning)
    .argument('<key>', 'the name of the metric')
    .addOption(homeOption())
    .addOption(new Option('--from <step>', 'from this step on').argParser(Number))
    .addOption(new Option('--to <step>', 'up to this step').argParser(Number))
    .addOption(
      new Option('--points <n>', 'about how many; of more, those that keep every spike')
        .argParser(wholeNumber)
        .default(4000),
    )
    .addOption(jsonOption())
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
    .addOption(homeOption())
    .addOption(projectOption())
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
    .addOption(jsonOption())
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
    .addOption(homeOption())
    .option('--csv', 'print CSV')
    .addOption(new Option('--limit <n>', 'how many rows').argParser(wholeNumber).default(10_000))
    .addOption(
      new Option('--timeout <duration>', 'end it after 90s, 10m')
        .argParser(durationMs)
        .default(30_000, '30s'),
    )
    .addOption(jsonOption())
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
}

function runOrder(text: string): RunOrder[] {
  const order = parseOrder(text);
  if (order === null) throw new InvalidArgumentError('An order is written as: metrics.loss, started desc');
  return order;
}

function nameAndName(text: string, before: Record<string, string>): Record<string, string> {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1)
    throw new InvalidArgumentError('A new name is written as name=new.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}
