import { InvalidArgumentError, Option, type Command } from 'commander';
import { chunkPeriods } from '../../../contract/index.ts';
import { examples } from '../examples.ts';
import { durationMs, homeOption, jsonOption, oneMore } from '../options.ts';
import { probabilityOption } from '../drift/probability-option.ts';
import { pipelineOption } from '../pipelines/pipeline-project.ts';
import { wholeNumber } from '../whole-number.ts';
import type { AddMonitorOptions } from './add-monitor.ts';
import type { MonitorOptions, ReportOptions } from './monitor-command.ts';

/** `benchtop monitor …`: what holds batches against a reference, again and again. */
export function addMonitorCommands(program: Command): void {
  const monitor = program
    .command('monitor')
    .description('hold what comes against a reference, batch by batch, and tell once when it drifts');

  monitor
    .command('add')
    .description('watch a folder of tables, or a table by periods of time or by so many rows')
    .argument('<name>')
    .argument('<source>', 'a folder of tables, or a table')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .requiredOption(
      '--reference <table>',
      'what is held to be right: a file, or VERSION:PATH of a data version',
    )
    .option('--from <time>', 'only the rows of the reference from then on, such as 2013-01-01')
    .option('--before <time>', 'only the rows of the reference before then')
    .addOption(
      new Option('--every <period>', 'cut the table into periods').choices(chunkPeriods).conflicts('rows'),
    )
    .option('--time <column>', 'the column that tells which period a row belongs to')
    .addOption(new Option('--rows <n>', 'cut the table into so many rows').argParser(wholeNumber))
    .option('--model <name>', 'the registered model that it is about: late, late@champion or late/3')
    .option('--prediction <column>', 'the column that holds what a model said')
    .option(
      '--probability <columns>',
      'tell how well it answers: the column with its probability, or CLASS=COLUMN,… of several classes',
      probabilityOption,
    )
    .option('--label <column>', 'the class that was true; the reference must have it')
    .option('--positive <class>', 'which of two classes the probability is of; 1 or true when left out')
    .option('--labels <path>', 'labels that come later: a table, or a folder of tables')
    .option('--id <column>', 'what joins them: the same column in the source and in the labels')
    .option('--label-time <column>', 'when a label came')
    .option('--maturity <duration>', 'how long labels take: 30d', durationMs)
    .option('--predicted-at <column>', 'when an answer was given; the column of --time when left out')
    .addOption(
      new Option('--ignore <column>', 'say nothing of a column; may be given several times')
        .argParser(oneMore)
        .default([], 'none'),
    )
    .addOption(
      new Option(
        '--least-moved <share>',
        'alarm when so many rows moved beyond chance, such as 0.05',
      ).argParser(shareOf),
    )
    .addOption(
      new Option('--quiet-chunks <n>', 'an incident ends after so many chunks without an alarm')
        .argParser(wholeNumber)
        .default(2),
    )
    .addOption(
      new Option('--cron <fields>', 'run it at times: minute, hour, day, month, weekday').conflicts('watch'),
    )
    .option('--watch', 'run it when the source has changed')
    .option('--time-zone <zone>', "of its times, such as Europe/Berlin; this machine's when left out")
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop monitor add inbox data/incoming --reference data/train.parquet --watch',
        'benchtop monitor add flights data/flights.csv.gz --every month --time time_hour --reference data/flights.csv.gz --before 2013-04-01',
        'benchtop monitor add late out/scored/test.csv --every month --time date --reference out/scored/valid.csv --probability p_late --label late',
        'benchtop monitor add loans scored --reference test.csv --probability score --label repaid --labels repaid --id loan --label-time paid_at --predicted-at asked_at --maturity 30d',
        'benchtop monitor add live scored.parquet --rows 10000 --prediction p_late --reference train.parquet --cron "0 6 * * *"',
      ),
    )
    .action(async (name: string, source: string, options: AddMonitorOptions) =>
      (await import('./add-monitor.ts')).addMonitor(name, source, options),
    );

  monitor
    .command('run')
    .description('judge what was not judged before; exit code 1 when an incident is open')
    .argument('<name>')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop monitor run flights'))
    .action(async (name: string, options: MonitorOptions) =>
      (await import('./monitor-command.ts')).runMonitor(name, options),
    );

  monitor
    .command('list')
    .description('the monitors of the project: what they found, and when they run next')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .option('--all', 'of all projects')
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop monitor list', 'benchtop monitor list --all --json'))
    .action(async (options: MonitorOptions & { readonly all?: boolean }) =>
      (await import('./monitor-command.ts')).listMonitors(options),
    );

  monitor
    .command('show')
    .description('what a monitor found: chunks, columns, incidents')
    .argument('<name>')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop monitor show flights'))
    .action(async (name: string, options: MonitorOptions) =>
      (await import('./monitor-command.ts')).showMonitor(name, options),
    );

  monitor
    .command('report')
    .description('what a monitor found as one HTML file that needs nothing else, or as JSON')
    .argument('<name>')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .option('--html <file>', 'where to write it; an existing file is written over')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop monitor report flights --html flights.html',
        'benchtop monitor report flights --json',
      ),
    )
    .action(async (name: string, options: ReportOptions) =>
      (await import('./monitor-command.ts')).reportMonitor(name, options),
    );

  monitor
    .command('remove')
    .description('remove a monitor with all it found')
    .argument('<name>')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop monitor remove flights'))
    .action(async (name: string, options: MonitorOptions) =>
      (await import('./monitor-command.ts')).removeMonitor(name, options),
    );
}

function shareOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('A share is between 0 and 1, such as 0.05.');
  return share;
}
