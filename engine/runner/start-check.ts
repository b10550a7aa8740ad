import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { BenchtopError } from '../../contract/index.ts';
import { redacted } from './argument-params.ts';

/** The folder a run works in. Throws `invalid-input` outside the project and `cannot-start` where there is no folder. */
export function workingFolderOf(
  projectPath: string,
  asked: string | undefined,
  scratchFolder: string | undefined,
): string {
  if (scratchFolder !== undefined) return scratchFolder;
  const folder = resolve(projectPath, asked ?? '.');
  const inside = relative(projectPath, folder);
  if (inside.startsWith('..') || isAbsolute(inside)) {
    throw new BenchtopError({
      code: 'invalid-input',
      what: `The working folder "${asked}" is outside the project.`,
      evidence: folder,
      next: 'Name a folder below the project’s own.',
    });
  }
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new BenchtopError({
    code: 'cannot-start',
    what: `The folder to run in is not there: ${folder}.`,
    next: 'Check that it was not moved, and that its disk is plugged in.',
  });
}

/** Throws `cannot-start` when the system would not find the program, with where it was looked for. */
export function checkProgram(program: string, workingFolder: string, searchPath: string): void {
  const places = program.includes('/')
    ? [workingFolder]
    : searchPath.split(':').filter((place) => place !== '');
  if (places.some((place) => isProgram(resolve(workingFolder, place, program)))) return;
  throw new BenchtopError({
    code: 'cannot-start',
    what: `There is no program "${program}" to run.`,
    evidence: program.includes('/')
      ? `${join(workingFolder, program)} is missing or may not be executed.`
      : `Looked in ${places.join(', ')}.`,
    next: 'Check the spelling, or give the full path.',
  });
}

/**
 * Throws `invalid-input` where a recorded command is started again with the mark that stands for a secret: the program would
 * take the mark for the value.
 */
export function checkSecrets(command: readonly string[], env: Readonly<Record<string, string>>): void {
  const word = command.find((each) => each.includes(redacted));
  const name = Object.keys(env).find((each) => env[each]?.includes(redacted));
  if (word === undefined && name === undefined) return;
  throw new BenchtopError({
    code: 'invalid-input',
    what: `${word === undefined ? `The variable ${name}` : 'The command'} has ${redacted} where a secret was; secrets are not recorded.`,
    ...(word === undefined ? {} : { evidence: word }),
    next: 'Put the secret itself in its place, or have the script read it from a variable of the environment.',
  });
}

function isProgram(path: string): boolean {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
