import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createOutputParser } from './index.ts';

/**
 * What programs print (`<name>.txt`) and what a person reads out of it (`<name>.json`): for every metric its
 * [step, value] pairs, with words for what JSON has no number for, and the settings that were named.
 */
const folder = join(import.meta.dirname, '..', 'corpus');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -'.txt'.length));

function read(name: string, cutEvery: number) {
  let parser = createOutputParser();
  const metrics: Record<string, [number, number | string][]> = {};
  const params: Record<string, string> = {};
  const lines = readFileSync(join(folder, `${name}.txt`), 'utf8')
    .split(/[\r\n]/)
    .filter((line) => line !== '');
  for (const [number, line] of lines.entries()) {
    parser.line(line, number);
    const taken = parser.take();
    for (const { key, step, value } of taken.points) {
      (metrics[key] ??= []).push([step, Number.isFinite(value) ? value : String(value)]);
    }
    for (const [param, value] of Object.entries(taken.params)) params[param] ??= value;
    if (number % cutEvery === 0) parser = createOutputParser(JSON.parse(JSON.stringify(parser.state())));
  }
  return { metrics, params };
}

test.each(names)('%s', (name) => {
  expect(read(name, Infinity)).toEqual(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')));
});

test.each(names)('%s, by parsers that each take over after a line', (name) => {
  expect(read(name, 1)).toEqual(read(name, Infinity));
});
