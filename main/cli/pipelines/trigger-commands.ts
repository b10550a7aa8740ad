import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../examples.ts';
import { durationMs, homeOption, jsonOption } from '../options.ts';
import { wholeNumber } from '../whole-number.ts';
import { pipelineOption } from './pipeline-project.ts';
import type { AddTriggerOptions, ListTriggersOptions, TriggerOptions } from './trigger-command.ts';

/** What starts pipelines by itself. */
export function addTriggerCommands(program: Command): void {
  const trigger = program.command('trigger').description('what starts pipelines by itself');

  trigger
    .command('list')
    .description('the triggers of a project: what they wait for, when they start next, what they did')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .option('--all', 'those of all projects')
    .addOption(
      new Option('-n, --events <n>', 'so many of the last things that they did, at most 500')
        .argParser(eventCount)
        .default(5),
    )
    .addOption(jsonOption())
    .action(async (options: ListTriggersOptions) =>
      (await import('./trigger-command.ts')).listTriggers(options),
    );

  trigger
    .command('add')
    .description(
      'start a pipeline by itself: at a time, when files change, on new data, after another pipeline, when a monitor tells of drift',
    )
    .argument('<name>')
    .addOption(homeOption())
    .addOption(pipelineOption())
    .addOption(
      new Option('--cron <fields>', 'minute, hour, day, month and weekday, such as "0 3 * * 1-5"').conflicts([
        'files',
        'data',
        'after',
        'monitor',
      ]),
    )
    .addOption(
      new Option('--files <path>', 'when a file or folder changed').conflicts(['data', 'after', 'monitor']),
    )
    .addOption(
      new Option('--data <path>', 'when a new version of it is recorded').conflicts(['after', 'monitor']),
    )
    .addOption(
      new Option('--after <dir>', 'when the pipeline of the project in that folder has finished').conflicts(
        'monitor',
      ),
    )
    .option('--monitor <name>', 'when a monitor opens an incident, once for each')
    .addOption(
      new Option('--settled <time>', 'files: after they stayed as they are for so long')
        .argParser(durationMs)
        .default(10_000, '10s'),
    )
    .addOption(
      new Option('--on <status>', 'after: how it ended')
        .choices(['finished', 'failed', 'any'])
        .default('finished'),
    )
    .option('--stage <name...>', 'up to these stages; all when left out')
    .option('--force', 'run the stages also where nothing changed')
    .option('--time-zone <zone>', "of its times, such as Europe/Berlin; this machine's when left out")
    .addOption(
      new Option('--quiet <from-to>', 'start nothing in these hours, such as 22:00-07:00').argParser(hours),
    )
    .option('--mains', 'start nothing while the machine runs on its battery')
    .addOption(
      new Option(
        '--cool-down <time>',
        'start nothing until so long after its last start, such as 1h',
      ).argParser(durationMs),
    )
    .addOption(
      new Option('--busy <what>', 'while the pipeline runs: start nothing, start later, or cancel it first')
        .choices(['skip', 'queue', 'replace'])
        .default('queue'),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop trigger add nightly --cron "0 3 * * *" --mains',
        'benchtop trigger add inbox --files data/incoming --settled 30s --cool-down 1h',
        'benchtop trigger add report --after ../features',
        'benchtop trigger add retrain --monitor flights --stage train',
      ),
    )
    .action(async (name: string, options: AddTriggerOptions) =>
      (await import('./trigger-command.ts')).addTrigger(name, options),
    );

  for (const [verb, description] of [
    ['run', 'start now what a trigger starts, whatever it waits for'],
    ['enable', 'switch a trigger on; it makes up for nothing'],
    ['disable', 'switch a trigger off'],
    ['remove', 'remove a trigger and its history'],
  ] as const) {
    trigger
      .command(verb)
      .description(description)
      .argument('<trigger>', 'its name, or its id')
      .addOption(homeOption())
      .addOption(pipelineOption())
      .addOption(jsonOption())
      .action(async (named: string, options: TriggerOptions) =>
        (await import('./trigger-command.ts')).changeTrigger(verb, named, options),
      );
  }
}

function eventCount(text: string): number {
  const count = wholeNumber(text);
  if (count > 500) throw new InvalidArgumentError('No more than 500 are kept.');
  return count;
}

function hours(text: string): { from: string; to: string } {
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? [];
  if (from === undefined || to === undefined)
    throw new InvalidArgumentError('Hours are written as 22:00-07:00.');
  return { from, to };
}
