import { InvalidArgumentError, Option, type Argument, type Command } from 'commander';
import { modelStages, type ModelStage } from '../../../contract/index.ts';
import { examples } from '../examples.ts';
import { homeOption, jsonOption, oneMore } from '../options.ts';
import type { ModelEditOptions } from './model-edit-commands.ts';
import { aliasOption, reasonOption, versionMeaning } from './model-options.ts';
import type { ModelTagOptions } from './model-tag-command.ts';

const bothMeaning = 'a model by its name, or one version: name/3, name@champion';

/** The commands that change what is said of models and versions, and delete them. @param model `benchtop model`. */
export function addModelChangeCommands(model: Command): void {
  const editing = (command: Command) =>
    command.addOption(homeOption()).addOption(reasonOption()).addOption(jsonOption());

  editing(model.command('tag'))
    .description('set and remove tags of a model or a version, or list them')
    .argument('<model>', bothMeaning)
    .argument('[tags...]', 'as key=value', oneMoreTag, {})
    .addOption(
      new Option('--remove <key>', 'a tag that goes; may be given several times')
        .argParser(oneMore)
        .default([], 'none'),
    )
    .addHelpText(
      'after',
      examples(
        'benchtop model tag churn owner=ada',
        'benchtop model tag churn/4 validated=yes --remove candidate',
        'benchtop model tag churn@champion',
      ),
    )
    .action(async (reference: string, tags: Record<string, string>, options: ModelTagOptions) =>
      (await import('./model-tag-command.ts')).modelTagCommand(reference, tags, options),
    );

  editing(model.command('describe'))
    .description('say in words what a model or a version is')
    .argument('<model>', bothMeaning)
    .argument('<text>', 'the description; an empty one takes it away')
    .addHelpText('after', examples('benchtop model describe churn/4 "without the two leaking columns"'))
    .action(async (reference: string, text: string, options: ModelEditOptions) =>
      (await import('./model-edit-commands.ts')).modelDescribeCommand(reference, text, options),
    );

  editing(model.command('rename'))
    .description('give a model another name; its versions, aliases and history go along')
    .argument('<name>', 'the registered model')
    .argument('<new-name>', 'one that no other model has')
    .addHelpText('after', examples('benchtop model rename churn customer-churn'))
    .action(async (name: string, newName: string, options: ModelEditOptions) =>
      (await import('./model-edit-commands.ts')).modelRenameCommand(name, newName, options),
    );

  editing(model.command('stage'))
    .description('move a version to one of MLflow’s stages')
    .argument('<version>', `which: ${versionMeaning}`)
    .addArgument(stageArgument(model))
    .option('--archive-others', 'archive the versions that are in that stage now')
    .addHelpText('after', examples('benchtop model stage churn/4 Staging --reason "for the load test"'))
    .action(
      async (
        reference: string,
        stage: ModelStage,
        options: ModelEditOptions & { readonly archiveOthers?: boolean },
      ) => (await import('./model-edit-commands.ts')).modelStageCommand(reference, stage, options),
    );

  editing(model.command('demote'))
    .description('take an alias away; no version has it then')
    .argument('<name>', 'the registered model')
    .addOption(aliasOption('the alias that goes'))
    .addHelpText('after', examples('benchtop model demote churn --alias challenger --reason "it lost"'))
    .action(async (name: string, options: ModelEditOptions & { readonly alias: string }) =>
      (await import('./model-edit-commands.ts')).modelDemoteCommand(name, options),
    );

  editing(model.command('delete'))
    .description('delete a model with its versions, or one version; files and history stay')
    .argument('<model>', bothMeaning)
    .option('--yes', 'do it; without it only says what would be gone')
    .addHelpText(
      'after',
      examples('benchtop model delete churn/2 --yes --reason "trained on the wrong month"'),
    )
    .action(async (reference: string, options: ModelEditOptions & { readonly yes?: boolean }) =>
      (await import('./model-delete-command.ts')).modelDeleteCommand(reference, options),
    );

  editing(model.command('restore'))
    .description('bring back a model or a version that was deleted, with its aliases')
    .argument('<model>', 'its name, or name/3 for one version')
    .addHelpText('after', examples('benchtop model restore churn', 'benchtop model restore churn/2'))
    .action(async (reference: string, options: ModelEditOptions) =>
      (await import('./model-delete-command.ts')).modelRestoreCommand(reference, options),
    );
}

const stageArgument = (command: Command): Argument =>
  command.createArgument('<stage>', 'None, Staging, Production or Archived').argParser((text: string) => {
    const found = modelStages.find((stage) => stage.toLowerCase() === text.toLowerCase());
    if (found === undefined) throw new InvalidArgumentError(`A stage is one of ${modelStages.join(', ')}.`);
    return found;
  });

function oneMoreTag(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw new InvalidArgumentError('A tag is written as key=value.');
  return { ...before, [key]: value };
}
