import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from '../examples.ts';
import { homeOption, jsonOption, projectOption, runMeaning } from '../options.ts';
import { wholeNumber } from '../whole-number.ts';
import type { ModelMatrixOptions } from '../gates/model-matrix-command.ts';
import type { ModelCardOptions } from './model-card-command.ts';
import { addModelChangeCommands } from './model-change-commands.ts';
import type { ModelHistoryOptions } from './model-history-command.ts';
import type { ModelListOptions } from './model-list-command.ts';
import { aliasOption, reasonOption, versionMeaning } from './model-options.ts';
import type { ModelMoveOptions } from './model-promote-command.ts';
import type { ModelRegisterOptions } from './model-register-command.ts';
import type { ModelResolveOptions } from './model-resolve-command.ts';
import type { ModelShowOptions } from './model-show-command.ts';

/** The commands over registered models. */
export function addModelCommands(program: Command): void {
  const model = program
    .command('model')
    .description('registered models: versions, aliases and their history');

  model
    .command('register')
    .description('register a model that a run left as the next version of a name')
    .argument('<run>', runMeaning)
    .argument('[name]', 'of the registered model; proposed from the run when left out')
    .addOption(homeOption())
    .option('--path <path>', 'which of the run’s artifacts; needed only where there are several models')
    .option('--model <id>', 'which of the models that the run logged through MLflow')
    .addOption(new Option('--description <text>', 'what it is').default('', 'none'))
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop model register 3f2a churn',
        'benchtop model register 3f2a churn --path out/model.onnx --reason "fewer false alarms"',
      ),
    )
    .action(async (run: string, name: string | undefined, options: ModelRegisterOptions) =>
      (await import('./model-register-command.ts')).modelRegisterCommand(run, name, options),
    );

  model
    .command('list')
    .description('list registered models with their newest version and who has which alias')
    .argument('[text]', 'a part of the name', '')
    .addOption(homeOption())
    .addOption(new Option('--limit <n>', 'how many').argParser(wholeNumber).default(200))
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop model list', 'benchtop model list churn --json'))
    .action(async (text: string, options: ModelListOptions) =>
      (await import('./model-list-command.ts')).modelListCommand(text, options),
    );

  model
    .command('show')
    .description('show a model with its versions, or one version with its files, signature and origin')
    .argument('<model>', `a name, or of one version ${versionMeaning}`)
    .addOption(homeOption())
    .option('--against <version>', 'hold the signature against that of another version')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop model show churn',
        'benchtop model show churn@champion',
        'benchtop model show churn/4 --against churn@champion',
      ),
    )
    .action(async (reference: string, options: ModelShowOptions) =>
      (await import('./model-show-command.ts')).modelShowCommand(reference, options),
    );

  model
    .command('promote')
    .description('give an alias to a version, with the reason and the metrics of both versions as evidence')
    .argument('<version>', `which: ${versionMeaning}`)
    .addOption(homeOption())
    .addOption(aliasOption('the alias that moves'))
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop model promote churn/4 --reason "beats 3 on the holdout"',
        'benchtop model promote churn/5 --alias challenger',
      ),
    )
    .action(async (reference: string, options: ModelMoveOptions) =>
      (await import('./model-promote-command.ts')).modelPromoteCommand(reference, options),
    );

  model
    .command('rollback')
    .description('give an alias back to the version that had it before')
    .argument('<name>', 'the registered model')
    .addOption(homeOption())
    .addOption(aliasOption('the alias that moves'))
    .addOption(reasonOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop model rollback churn', 'benchtop model rollback churn --reason "null scores"'),
    )
    .action(async (name: string, options: ModelMoveOptions) =>
      (await import('./model-promote-command.ts')).modelRollbackCommand(name, options),
    );

  addModelChangeCommands(model);

  model
    .command('resolve')
    .description('print the version, the run and the path of a model, with no network')
    .argument('<version>', `which: ${versionMeaning}`)
    .addOption(homeOption())
    .option('--uri', 'print where its files are as URI, and write nothing out')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop model resolve churn@champion',
        'model=$(benchtop model resolve churn@champion --json | jq -r .path)',
      ),
    )
    .action(async (reference: string, options: ModelResolveOptions) =>
      (await import('./model-resolve-command.ts')).modelResolveCommand(reference, options),
    );

  model
    .command('matrix')
    .description(
      'what is in development, staging and production: code, model, data and environment, and what is not as in production',
    )
    .argument('<name>', 'the registered model')
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop model matrix churn'))
    .action(async (name: string, options: ModelMatrixOptions) =>
      (await import('../gates/model-matrix-command.ts')).modelMatrixCommand(name, options),
    );

  model
    .command('card')
    .description('print the card of a version, say what no record knows, or save it with the project')
    .argument('<version>', `which: ${versionMeaning}`)
    .addOption(homeOption())
    .option('--intended-use <text>', 'what it is for, and who may use it')
    .option('--limitations <text>', 'what it must not be used for, and whom it would fail')
    .option('--license <id>', 'under which licence others may use it: mit, apache-2.0, other')
    .option('--contact <text>', 'whom they ask')
    .option('--base-license <id>', 'that of the model that training began with, where no record tells it')
    .option('--against <version>', 'print what differs from the card of another version')
    .option('--save', 'write it to model-cards/<name>.md in the folder of the project')
    .addOption(projectOption().conflicts('against'))
    .option('--overwrite', 'with --save: also where somebody has changed the card by hand')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop model card churn@champion',
        'benchtop model card churn/4 --intended-use "Calls to customers who may leave" --license apache-2.0',
        'benchtop model card churn/4 --against churn/3',
        'benchtop model card churn@champion --save',
      ),
    )
    .action(async (reference: string, options: ModelCardOptions) =>
      (await import('./model-card-command.ts')).modelCardCommand(reference, options),
    );

  model
    .command('history')
    .description('what happened to a model, or to all, the latest first; or who had an alias on a day')
    .argument('[name]', 'a registered model, also one that is deleted by now; all when left out')
    .addOption(homeOption())
    .addOption(
      new Option('--on <date>', 'who had the alias then: 2026-01-31 for its end, or 2026-01-31T12:00')
        .argParser(momentMs)
        .conflicts('format'),
    )
    .addOption(aliasOption('the alias that moves'))
    .addOption(
      new Option('--format <format>', 'all of it, the oldest first, as a file on stdout').choices([
        'csv',
        'html',
      ]),
    )
    .addOption(new Option('--limit <n>', 'how many entries').argParser(wholeNumber).default(50))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop model history churn',
        'benchtop model history churn --on 2026-01-31',
        'benchtop model history --format html > history.html',
      ),
    )
    .action(async (name: string | undefined, options: ModelHistoryOptions) =>
      (await import('./model-history-command.ts')).modelHistoryCommand(name, options),
    );
}

/** A day means its end, in this machine's time zone. */
function momentMs(text: string): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const ms = Date.parse(isDay ? `${text}T23:59:59.999` : text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(ms))
    throw new InvalidArgumentError('A date is written as 2026-01-31 or 2026-01-31T12:00.');
  return ms;
}
