import { expect, test } from 'vitest';
import { defaultHomePath } from '../../engine/index.ts';
import { askingCommands, homeToAsk } from './engine-ahead.ts';
import { createProgram } from './program.ts';

test('every command is either one that asks an engine or one that is known not to', () => {
  const names = createProgram().commands.map((command) => command.name());
  expect([...askingCommands, 'run', 'serve'].toSorted()).toEqual(names.toSorted());
});

test('the engine that is started ahead is that of the home which the words name', () => {
  const home = (line: string) => homeToAsk(line.split(' '));
  expect(home('status')).toBe(defaultHomePath());
  expect(home('repro train --project . --home /h')).toBe('/h');
  expect(home('status --home=/h --home=rel')).toBe('rel');
  expect(home('data log x -- --home /h')).toBe(defaultHomePath());
});

test.for([
  '',
  '--version',
  'status --help',
  'graph -h',
  'serve --home /h',
  'run -- x',
  'statsu',
  'ps --home',
])('none is started ahead for "%s"', (line) => {
  expect(homeToAsk(line === '' ? [] : line.split(' '))).toBeNull();
});
