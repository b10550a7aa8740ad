import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scriptArguments } from './script-arguments.ts';

const readerPath = fileURLToPath(new URL('../../resources/python/script_arguments.py', import.meta.url));
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'benchtop-arguments-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The arguments of a script, each as one short text. */
async function read(source: string, command = ['python', 'train.py']) {
  writeFileSync(join(root, 'train.py'), source);
  const { arguments: found } = await scriptArguments({
    command,
    workingFolder: root,
    readerPath,
    python: 'python3',
  });
  return found.map(
    ({ name, kind, default: value, choices, isRequired }) =>
      `${name} ${kind}${value === null ? '' : ` ${value}`}${choices.length > 0 ? ` of ${choices.join('|')}` : ''}${isRequired ? ' required' : ''}`,
  );
}

test('argparse', async () => {
  const source = `
import argparse, os
raise SystemExit("a script is read, never run")
parser = argparse.ArgumentParser()
group = parser.add_argument_group()
group.add_argument("-l", "--lr", type=float, default=0.1, help="learning rate")
parser.add_argument("data")
parser.add_argument("--opt", choices=["adam", "sgd"], default="adam")
parser.add_argument("--fast", action="store_true")
parser.add_argument("--layers", nargs="+", type=int, default=[64, 32])
parser.add_argument("--home", default=os.environ["HOME"], required=True)
`;
  expect(await read(source)).toEqual([
    '--lr number 0.1',
    'data text required',
    '--opt choice adam of adam|sgd',
    '--fast flag',
    '--layers number 64 32',
    '--home text required',
  ]);
});

test('click and typer', async () => {
  expect(
    await read(`
import click
@click.command()
@click.option("--epochs", default=3, help="Passes.")
@click.option("--opt", type=click.Choice(["a", "b"]))
@click.option("--shout/--no-shout", default=False)
@click.argument("src")
def main(): ...
`),
  ).toEqual(['--epochs number 3', '--opt choice of a|b', '--shout flag', 'src text required']);
  expect(
    await read(`
import typer
def main(data: str, lr: float = 0.1, name: str = typer.Option(..., "--run-name"), fast: bool = False): ...
typer.run(main)
`),
  ).toEqual(['data text required', '--lr number 0.1', '--run-name text required', '--fast flag']);
});

test('a module behind -m is found; nothing is told of a script that is broken, missing or none', async () => {
  mkdirSync(join(root, 'pkg'));
  writeFileSync(join(root, 'pkg', '__main__.py'), 'p.add_argument("--deep")');
  expect(await read('', ['python', '-m', 'pkg'])).toEqual(['--deep text']);
  expect(await read('def broken(')).toEqual([]);
  expect(await read('', ['python', 'gone.py'])).toEqual([]);
  expect(await read('', ['make', 'all'])).toEqual([]);
});
