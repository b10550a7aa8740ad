import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../contract/index.ts';
import { installationPath } from '../installation.ts';
import { createProgram } from './program.ts';

const page = (name: string) => readFileSync(join(installationPath, 'docs', name), 'utf8');

test('docs/commands.md has every command with every option, and no other', () => {
  const sections = new Map(
    page('commands.md')
      .split(/^## /m)
      .slice(1)
      .map((section) => [/^benchtop ([a-z]+(?: [a-z]+)*)/.exec(section)?.[1] ?? section, section]),
  );
  const commands = namedCommands(createProgram());
  expect(new Set(sections.keys())).toEqual(new Set(commands.keys()));
  for (const [name, command] of commands) {
    const section = sections.get(name) ?? '';
    const documented = [...section.matchAll(/^\| `(--[\w-]+)/gm)].map((match) => match[1]);
    const offered = command.options
      .filter((option) => !option.hidden && option.long !== '--home')
      .map((option) => option.long);
    expect(new Set(documented), name).toEqual(new Set(offered));
  }
});

/** What can be called, by the words it is called with: `env list`. */
function namedCommands({ commands }: Command, before = ''): Map<string, Command> {
  return new Map(
    commands.flatMap((command) => {
      const name = `${before}${command.name()}`;
      return command.commands.length === 0 ? [[name, command]] : [...namedCommands(command, `${name} `)];
    }),
  );
}

test('docs/errors.md has every error code, and no other', () => {
  const documented = [...page('errors.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map((match) => match[1]);
  expect(new Set(documented)).toEqual(new Set(errorCodes));
});
