import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { quoted, type SupervisorWay } from './supervisor-script.ts';

/** What supervises a run, and how. */
export interface SupervisingShell {
  /** The program, and what comes before the script in its arguments. */
  readonly words: readonly [string, ...string[]];
  readonly way: SupervisorWay;
  /** What gives a child the variables of its environment that the shell changes when it starts, in the shell's language. */
  readonly givingBack: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The shell that supervises a run with this environment: bash, which takes half of the time, unless a name in it has a meaning of its own
 * to bash. The child would find another value there.
 */
export function supervisingShell(environment: Environment): SupervisingShell {
  const bash = Object.keys(environment).some((name) => bashsOwn.test(name)) ? undefined : bashPath();
  if (bash === undefined) return { words: ['/bin/sh'], way: 'sessions', givingBack: '' };
  // Privileged, it runs no file that the environment names and takes no function from there.
  return {
    words: [bash, '--norc', '-p'],
    way: 'groups',
    givingBack: changedByShell.map(givingBack).join(''),
  };

  function givingBack(name: string): string {
    const value = environment[name];
    return value === undefined ? `unset ${name}; ` : `export ${name}=${quoted(value)}; `;
  }
}

/** Counted up, or taken away, when a shell starts. */
const changedByShell = ['SHLVL', 'PS1', 'PS2'];

/** Set by bash itself, or, as an exported TMOUT, a rule for its script. */
const bashsOwn =
  /^(BASH(?!_ENV$|_FUNC_)\w*|COMP_WORDBREAKS|EPOCH(REALTIME|SECONDS)|EXECIGNORE|FUNCNEST|HISTCMD|LINENO|OPT(ARG|ERR|IND)|POSIXLY_CORRECT|PPID|PS4|S?RANDOM|SECONDS|SHELLOPTS|TMOUT)$/;

let knownBash: { readonly path: string | undefined } | undefined;

/** Undefined where there is none. */
function bashPath(): string | undefined {
  knownBash ??= { path: findProgram('bash') };
  return knownBash.path;
}

/** Where a program of the system is: not where a run's own PATH would have it. */
export const findProgram = (name: string): string | undefined =>
  programFolders()
    .map((folder) => join(folder, name))
    .find(isExecutable);

export const programFolders = (): string[] =>
  ['/usr/bin', '/bin', ...(process.env['PATH'] ?? '').split(':')].filter((folder) => folder.startsWith('/'));

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
