import { InvalidArgumentError, Option, type Command } from 'commander';
import { checkNames, gateEnvironments, type CheckName } from '../../../contract/index.ts';
import { examples } from '../examples.ts';
import { homeOption, jsonOption } from '../options.ts';
import type { ApproveOptions } from './approve-command.ts';
import type { GateOptions } from './gate-command.ts';
import type { DecisionOptions } from './request-command.ts';

const versionMeaning = 'a version as MODEL/NUMBER or MODEL@ALIAS';
const toOption = () =>
  new Option('--to <environment>', 'where it is to be promoted to')
    .choices(gateEnvironments)
    .default('production');

/** The commands that judge a version and decide about it. */
export function addGateCommands(program: Command): void {
  program
    .command('gate')
    .description(
      'judge a version of a model by the checks of its project; exit code 1 when one keeps it from being promoted',
    )
    .argument('<version>', versionMeaning)
    .addOption(homeOption())
    .addOption(toOption())
    .option('--predictions <file>', 'what it says of held-out rows (CSV, TSV, Parquet), kept as evidence')
    .option('--champion-predictions <file>', 'the same of the version that is there now')
    .addOption(
      new Option('--skip <check>', 'a check that is not judged; may be given several times')
        .argParser(oneMoreCheck)
        .default([], 'none'),
    )
    .option('--reason <text>', 'why checks are skipped')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop gate churn/3',
        'benchtop gate churn/3 --to staging --json',
        'benchtop gate churn/3 --predictions new.csv --champion-predictions old.csv',
        'benchtop gate churn/3 --skip latency --reason "it runs once a night"',
      ),
    )
    .action(async (version: string, options: GateOptions) =>
      (await import('./gate-command.ts')).gateCommand(version, options),
    );

  program
    .command('request')
    .description('ask that a version be promoted; without one, list what waits')
    .argument('[version]', versionMeaning)
    .addOption(homeOption())
    .addOption(toOption())
    .addOption(commentOption('for whoever decides'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('benchtop request churn/3 --comment "fewer false alarms"', 'benchtop request'),
    )
    .action(async (version: string | undefined, options: DecisionOptions) =>
      (await import('./request-command.ts')).requestCommand(version, options),
    );

  program
    .command('approve')
    .description('approve a version that waits and promote it; refused while a check blocks')
    .argument('<version>', versionMeaning)
    .addOption(homeOption())
    .addOption(toOption())
    .addOption(commentOption('for the history'))
    .addOption(
      new Option('--skip <check>', 'a check that is set aside; may be given several times')
        .argParser(oneMoreCheck)
        .default([], 'none'),
    )
    .option('--reason <text>', 'why checks are set aside')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'benchtop approve churn/3 --comment "better on every slice"',
        'benchtop approve churn/3 --skip reproduces --reason "its GPU is gone"',
      ),
    )
    .action(async (version: string, options: ApproveOptions) =>
      (await import('./approve-command.ts')).approveCommand(version, options),
    );

  program
    .command('refuse')
    .description('refuse a version that waits; nothing is promoted')
    .argument('<version>', versionMeaning)
    .addOption(homeOption())
    .addOption(toOption())
    .addOption(commentOption('why').makeOptionMandatory())
    .addOption(jsonOption())
    .addHelpText('after', examples('benchtop refuse churn/3 --comment "worse for new customers"'))
    .action(async (version: string, options: DecisionOptions) =>
      (await import('./refuse-command.ts')).refuseCommand(version, options),
    );
}

const commentOption = (meaning: string) => new Option('--comment <text>', meaning);

function oneMoreCheck(text: string, before: readonly CheckName[]): CheckName[] {
  const check = checkNames.find((name) => name === text);
  if (check === undefined) throw new InvalidArgumentError(`A check is one of ${checkNames.join(', ')}.`);
  return [...before, check];
}
