import { expect, test } from 'vitest';
import { menuCommands } from '../../contract/index.ts';
import { commands } from './commands.ts';

test('every command has its own id, and no key means two things', () => {
  const ids = commands.map((command) => command.id);
  expect(new Set(ids).size).toBe(ids.length);
  const keys = commands.flatMap((command) => command.keys ?? []);
  expect(new Set(keys).size).toBe(keys.length);
});

test('the window does whatever a native menu can ask for, under the same title and keys', () => {
  for (const item of menuCommands) {
    const command = commands.find(({ id }) => id === item.id);
    expect(command?.title, item.id).toBe(item.title.replace('…', ''));
    if (item.keys !== undefined) expect(command?.keys, item.id).toContain(item.keys);
  }
});
