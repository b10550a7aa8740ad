import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../examples.ts';
import { homeOption, jsonOption } from '../options.ts';
import type { OutboxOptions } from './outbox-command.ts';
import type { FetchedOptions, PullOptions, TeamOptions } from './pull-command.ts';
import type { PushOptions } from './push-command.ts';
import type { AllowOptions, RuleOptions } from './rule-commands.ts';
import type { AddTargetOptions, ChangeTargetOptions, TargetOptions } from './target-command.ts';

/** What leaves this machine, and where to. */
export function addSyncCommands(program: Command): void {
  const target = program.command('target').description('the places that runs and models are sent to');
  const secretOptions = (command: Command): Command =>
    command
      .addOption(new Option('--auth <how>', 'how it knows you').choices(['none', 'token', 'basic']))
      .option('--user <name>', 'basic: the name that goes with the password')
      .option('--secret-env <name>', 'read the token or the password from this environment variable')
      .option('--secret-stdin', 'read the token or the password from stdin')
      .option('--ca <file>', 'trust the certificates in this PEM file too')
      .addOption(
        new Option('--limit <bytes>', 'send at most so many bytes a second, such as 500k or 2m').argParser(
          byteCount,
        ),
      )
      .addOption(
        new Option('--metered <what>', 'on a network that the system calls metered').choices([
          'pause',
          'send',
        ]),
      );
  const ruleOptions = (command: Command): Command =>
    command
      .argument('<name>')
      .addOption(homeOption())
      .option('--starred', 'runs with a star, once they have ended')
      .option('--champion', 'of each model the version with that alias')
      .option('--tag <tag>', 'runs and versions with this tag: KEY or KEY=VALUE')
      .addOption(jsonOption());

  target
    .command('list')
    .description('the targets, what waits for each, and where its secret is')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (options: TargetOptions) => (await import('./target-command.ts')).listTargets(options));

  secretOptions(
    target
      .command('add')
      .description('add an MLflow server, a folder or a git remote; nothing is sent by that')
      .argument('<name>')
      .argument('[address]', 'of an MLflow server: https://mlflow.example.com')
      .option('--folder <path>', 'a folder, or a mounted share, in place of a server')
      .addOption(new Option('--git <url>', 'a git remote, for the snapshots of code').conflicts('folder'))
      .addOption(homeOption()),
  )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop target add team https://mlflow.example.com',
        'benchtop target add team https://mlflow.example.com --auth token --secret-env MLFLOW_TOKEN',
        'benchtop target add share --folder /mnt/team/models',
        'benchtop target add code --git git@example.com:team/project.git',
        'pass show mlflow | benchtop target add team https://mlflow.example.com --auth basic --user ada --secret-stdin',
      ),
    )
    .action(async (name: string, address: string | undefined, options: AddTargetOptions) =>
      (await import('./target-command.ts')).addTarget(name, address, options),
    );

  secretOptions(
    target
      .command('change')
      .description('change what is named of a target')
      .argument('<name>')
      .addOption(homeOption()),
  )
    .option('--no-limit', 'send as fast as it goes')
    .option('--pause', 'send nothing until it is resumed, on a metered network for instance')
    .addOption(new Option('--resume', 'go on sending').conflicts('pause'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop target change team --pause', 'benchtop target change team --limit 500k'),
    )
    .action(async (name: string, options: ChangeTargetOptions) =>
      (await import('./target-command.ts')).changeTarget(name, options),
    );

  target
    .command('test')
    .description('ask a target who it is, and what it cannot take')
    .argument('<name>')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (name: string, options: TargetOptions) =>
      (await import('./target-command.ts')).testTarget(name, options),
    );

  ruleOptions(
    target
      .command('allow')
      .description('allow that something goes to a target by itself, now and from now on'),
  )
    .option('--dry-run', 'only say what that would send now, in bytes; nothing is allowed')
    .addHelpText(
      'after',
      examples(
        'benchtop target allow team --champion --dry-run',
        'benchtop target allow team --champion',
        'benchtop target allow team --tag share=yes',
      ),
    )
    .action(async (name: string, options: AllowOptions) =>
      (await import('./rule-commands.ts')).allowRule(name, options),
    );

  ruleOptions(
    target
      .command('withdraw')
      .description('end what goes to a target by itself; what waits because of it is cancelled'),
  ).action(async (name: string, options: RuleOptions) =>
    (await import('./rule-commands.ts')).withdrawRule(name, options),
  );

  target
    .command('models')
    .description('the registry of a target; where it cannot be reached, as it was when it was last read')
    .argument('<name>')
    .addOption(homeOption())
    .option('--cached', 'ask nobody, and say what was read last')
    .addOption(jsonOption())
    .action(async (name: string, options: TeamOptions) =>
      (await import('./pull-command.ts')).targetModels(name, options),
    );

  target
    .command('remove')
    .description('forget a target with its secret and what waits for it; what it holds stays there')
    .argument('<name>')
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(async (name: string, options: TargetOptions) =>
      (await import('./target-command.ts')).removeTarget(name, options),
    );

  program
    .command('pull')
    .description('fetch a model version from a target, verify it, and keep where it comes from')
    .argument('<model>', 'NAME@champion or NAME/3')
    .argument('[destination]', 'a folder that is not there yet, to write it to')
    .addOption(homeOption())
    .requiredOption('--target <name>', 'where from')
    .option('--register [name]', 'make it a version here too; under the same name when left out')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop pull churn@champion --target team ./model',
        'benchtop pull churn@champion --target team --register',
      ),
    )
    .action(async (model: string, destination: string | undefined, options: PullOptions) =>
      (await import('./pull-command.ts')).pullCommand(model, destination, options),
    );

  program
    .command('fetched')
    .description('what was pulled from targets, and what is being pulled')
    .addOption(homeOption())
    .option('--remove <number>', 'forget one of them; its files go with the next `benchtop gc`', Number)
    .addOption(jsonOption())
    .action(async (options: FetchedOptions) => (await import('./pull-command.ts')).fetchedCommand(options));

  program
    .command('push')
    .description('send runs and model versions to a target, and read there what arrived')
    .argument('[what...]', 'ids of runs, or the beginnings of them; models as NAME, NAME/3 or NAME@champion')
    .addOption(homeOption())
    .requiredOption('--target <name>', 'where to')
    .option('--starred', 'every starred run')
    .option('--no-files', 'of runs no artifacts and logged models; a model version brings those of its run')
    .option('--dry-run', 'only say what would be sent, in bytes')
    .option('--no-wait', 'put it into the outbox and return')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop push 3f2a --target team --dry-run',
        'benchtop push churn@champion --target team',
        'benchtop push --starred --target team --no-wait',
      ),
    )
    .action(async (what: string[], options: PushOptions) =>
      (await import('./push-command.ts')).pushCommand(what, options),
    );

  program
    .command('outbox')
    .description('what waits to be sent, what arrived, and what stands in the way')
    .argument('[delivery]', 'the number of one delivery: its steps and its receipt')
    .addOption(homeOption())
    .option('--target <name>', 'only what goes there')
    .addOption(
      new Option('--state <state>', 'only what is in this state').choices([
        'waiting',
        'sending',
        'verified',
        'conflict',
        'refused',
        'cancelled',
      ]),
    )
    .option('--retry', 'try at once what waits, and again what was refused or cancelled')
    .addOption(new Option('--cancel', 'send no more of what is not there yet').conflicts('retry'))
    .addOption(
      new Option('--resolve <way>', 'one way out of the conflict of a delivery')
        .choices(['theirs', 'ours', 'both', 'skip'])
        .conflicts(['retry', 'cancel']),
    )
    .addOption(new Option('-n, --limit <n>', 'how many').argParser(Number).default(20))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop outbox',
        'benchtop outbox 12',
        'benchtop outbox 12 --resolve theirs',
        'benchtop outbox --retry',
      ),
    )
    .action(async (delivery: string | undefined, options: OutboxOptions) =>
      (await import('./outbox-command.ts')).outboxCommand(delivery, options),
    );
}

/** `500k`, `2m`, `1048576`. */
function byteCount(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([km]?)$/i.exec(text) ?? [];
  const bytes = Math.round(
    Number(digits) * { '': 1, k: 1000, m: 1_000_000 }[unit.toLowerCase() as '' | 'k' | 'm'],
  );
  if (digits === undefined || bytes < 1024)
    throw new InvalidArgumentError('A limit is written as 500k or 2m, and is at least 1024.');
  return bytes;
}
