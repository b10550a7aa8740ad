import { InvalidArgumentError, Option, type Command } from 'commander';
import { examples } from './examples.ts';
import { homeOption, runMeaning } from './options.ts';
import type { OpenOptions } from './open-command.ts';
import type { ServeOptions } from './serve-command.ts';

/** The commands over the engine and its window. */
export function addWindowCommands(program: Command): void {
  program
    .command('serve')
    .description('run the engine and serve the window on loopback')
    .addOption(homeOption())
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
    .command('open')
    .description('open the window in the default browser')
    .argument('[run]', runMeaning)
    .addOption(homeOption())
    .option('--print', 'print the address only')
    .addHelpText('after', examples('benchtop open', 'benchtop open 3f2a --print'))
    .action(async (run: string | undefined, options: OpenOptions) =>
      (await import('./open-command.ts')).openCommand(run, options),
    );
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
  return port;
}

function artifactRoot(text: string): string {
  if (text === '' || /^runs:|[#;]/.test(text) || text.length > 2048)
    throw new InvalidArgumentError('A root is a path or a URI without # and ;, at most 2048 characters.');
  return text;
}
