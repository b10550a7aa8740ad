import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { scriptArgument, type ScriptArguments } from '../../contract/index.ts';
import { askProgram } from './ask-program.ts';

const answer = z.array(scriptArgument);
const patienceMs = 5000;
const none: ScriptArguments = { script: null, arguments: [] };

/**
 * The arguments of the Python script that a command names, read from its source by Python's own parser; the script is not
 * run. Nothing where there is no script, no Python, or nothing that could be read.
 */
export async function scriptArguments(options: {
  command: readonly string[];
  workingFolder: string;
  /** resources/python/script_arguments.py */
  readerPath: string;
  /** A Python to read with. */
  python: string;
}): Promise<ScriptArguments> {
  const { command, workingFolder, readerPath, python } = options;
  const script = scriptOf(command, workingFolder);
  if (script === null) return none;
  const { status, stdout } = await askProgram(
    python,
    ['-I', '-S', readerPath, resolve(workingFolder, script)],
    {
      cwd: workingFolder,
      env: { PATH: process.env['PATH'] },
      timeoutMs: patienceMs,
    },
  );
  if (status !== 0) return none; // no Python here, or a script that does not parse: it will say so itself
  const read = answer.safeParse(jsonOf(stdout));
  return read.success ? { script, arguments: read.data } : none;
}

/** The first Python file of a command, as a path or behind `-m`; null when there is none. */
function scriptOf(command: readonly string[], workingFolder: string): string | null {
  const module = command.indexOf('-m');
  const name = module < 0 ? undefined : command[module + 1]?.replaceAll('.', '/');
  const candidates =
    name === undefined
      ? command.filter((word) => word.endsWith('.py'))
      : [`${name}.py`, join(name, '__main__.py')];
  return (
    candidates.find(
      (path) => statSync(resolve(workingFolder, path), { throwIfNoEntry: false })?.isFile() === true,
    ) ?? null
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // cut short
  }
}
