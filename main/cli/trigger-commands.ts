import { Option, type Command } from 'commander';
import { examples } from './examples.ts';
import type { AddTriggerOptions, TriggerOptions } from './trigger-command.ts';

/** What starts pipelines by itself. */
export function addTriggerCommands(
  program: Command,
  { home, json }: { home: () => Option; json: () => Option },
): void {
  const trigger = program.command('trigger').description('what starts pipelines by itself');
  const project = () =>
    new Option(
      '--project <dir>',
      'the project; the nearest folder with a pipeline, from where you are, when left out',
    );

  trigger
    .command('list')
    .description('the triggers of a project: what they wait for, when they start next, what they did')
    .addOption(home())
    .addOption(project())
    .option('--all', 'those of all projects')
    .option('-n, --events <n>', 'so many of the last things that they did', Number, 5)
    .addOption(json())
    .action(async (options: TriggerOptions) => (await import('./trigger-command.ts')).listTriggers(options));

  trigger
    .command('add')
    .description(
      'start a pipeline by itself: at a time, when files change, on new data, after another pipeline',
    )
    .argument('<name>')
    .addOption(home())
    .addOption(project())
    .addOption(
      new Option('--cron <fields>', 'minute, hour, day, month and weekday, such as "0 3 * * 1-5"').conflicts([
        'files',
        'data',
        'after',
      ]),
    )
    .addOption(new Option('--files <path>', 'when a file or folder changed').conflicts(['data', 'after']))
    .addOption(new Option('--data <path>', 'when a new version of it is recorded').conflicts('after'))
    .option('--after <dir>', 'when the pipeline of the project in that folder has finished')
    .addOption(
      new Option('--settled <time>', 'files: after they stayed as they are for so long').default('10s'),
    )
    .addOption(
      new Option('--on <status>', 'after: how it ended')
        .choices(['finished', 'failed', 'any'])
        .default('finished'),
    )
    .option('--stage <name...>', 'up to these stages; all when left out')
    .option('--force', 'run the stages also where nothing changed')
    .option('--time-zone <zone>', "of its times, such as Europe/Berlin; this machine's when left out")
    .option('--quiet <from-to>', 'start nothing in these hours, such as 22:00-07:00')
    .option('--mains', 'start nothing while the machine runs on its battery')
    .option('--cool-down <time>', 'start nothing until so long after its last start, such as 1h')
    .addOption(
      new Option('--busy <what>', 'while the pipeline runs: start nothing, start later, or cancel it first')
        .choices(['skip', 'queue', 'replace'])
        .default('queue'),
    )
    .addOption(json())
    .addHelpText(
      'after',
      examples(
        'benchtop trigger add nightly --cron "0 3 * * *" --mains',
        'benchtop trigger add inbox --files data/incoming --settled 30s --cool-down 1h',
        'benchtop trigger add report --after ../features',
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
      .addOption(home())
      .addOption(project())
      .addOption(json())
      .action(async (named: string, options: TriggerOptions) =>
        (await import('./trigger-command.ts')).changeTrigger(verb, named, options),
      );
  }
}
