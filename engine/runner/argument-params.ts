import { basename } from 'node:path';

const launchers =
  /^(python[\d.]*|pypy[\d.]*|node|Rscript|julia|ruby|perl|bash|sh|zsh|uv|poetry|pipenv|torchrun|accelerate|deepspeed|ipython)$/;
const moduleOption = '-m';
const inlineCode = new Set(['-c', '-e', '--eval']);
const scriptFile = /\.(py|pyw|js|mjs|cjs|ts|r|R|jl|rb|pl|sh|ipynb)$/;
const secretName = /(^|[_.-])(token|secret|passw(or)?d|api[_-]?key|credentials?)($|[_.-])/i;
/** Stands for a value that is nobody else's business. */
export const redacted = '[redacted]';

/**
 * The params that a command line names: `--name value`, `--name=value`, `-n value`, flags (as `true`), and Hydra's
 * `key=value`, `+key=value`. Options of an interpreter or launcher before the script are not the script's. Dashes become
 * underscores, as argparse, click and typer have it: `--learning-rate` and `learning_rate` are one param.
 */
export function argumentParams(command: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  for (const { name, value } of namedArguments(simpleShellWords(command) ?? command)) {
    params[name.replaceAll('-', '_')] = isSecretName(name) ? redacted : value;
  }
  return params;
}

export const isSecretName = (name: string): boolean => secretName.test(name);

/** The words that belong to the user's program, and not to the interpreter or launcher before it. */
export function ownArguments(command: readonly string[]): readonly string[] {
  const words = simpleShellWords(command) ?? command;
  return words.slice(firstOwnArgument(words));
}

/** What a command runs, without its options and whichever interpreter it has: `train.py`, `-m pkg.train`, `fit`. */
export function programOfCommand(command: readonly string[]): string {
  const words = simpleShellWords(command) ?? command;
  const first = firstOwnArgument(words);
  if (first === 1 || words.length === 1) return basename(words[0] ?? '');
  const before = words.slice(1, first);
  const module = before.at(-2) === moduleOption;
  return module || inlineCode.has(before[0] ?? '') ? before.join(' ') : (before.at(-1) ?? '');
}

/** What a command says beside its params: the program, by whatever path it was called, and its plain arguments. */
export function commandBesideParams(command: readonly string[]): string {
  const words = simpleShellWords(command) ?? command;
  const named = new Set(
    namedArguments(words).flatMap(({ from, to }) =>
      Array.from({ length: to - from + 1 }, (_, at) => from + at),
    ),
  );
  const plain = words.filter((_, at) => !named.has(at));
  return [basename(plain[0] ?? ''), ...plain.slice(1)].join(' ');
}

/** The command as it may be recorded and shared: values of options that name a secret are left out. */
export function recordableCommand(command: readonly string[]): string[] {
  const shown = command.map((word, at) => (isShellText(command, at) ? withoutSecrets(word) : word));
  for (const { name, from, to } of namedArguments(command)) {
    if (!secretName.test(name)) continue;
    const equals = shown[from]?.indexOf('=') ?? -1;
    if (equals >= 0) shown[from] = `${shown[from]?.slice(0, equals)}=${redacted}`;
    for (let at = from + 1; at <= to; at++) shown[at] = redacted;
  }
  return shown;
}

/** True for the text that `sh -c` gets, which is how a stage of a pipeline is run. */
const isShellText = (command: readonly string[], at: number) =>
  at === 2 && /^(ba|da|z)?sh$/.test(basename(command[0] ?? '')) && command[1] === '-c';

/** The words of `sh -c` with a plain command and nothing that the shell would act on; null for anything else. */
function simpleShellWords(command: readonly string[]): string[] | null {
  const text = command[2];
  if (command.length !== 3 || text === undefined || !isShellText(command, 2)) return null;
  return /["'`$\\|&;<>(){}*?[\]#~!\n]/.test(text) ? null : text.trim().split(/\s+/);
}

/** A shell text with the values of options and variables that name a secret left out. */
function withoutSecrets(text: string): string {
  const assignment =
    /(?<=^|[\s;&|(])(-{1,2}([A-Za-z][\w.-]*)(?:=|\s+)|([A-Za-z_][\w.]*)=)("[^"]*"|'[^']*'|[^\s;&|)]+)/g;
  return text.replaceAll(assignment, (whole: string, start: string, option?: string, variable?: string) =>
    secretName.test(option ?? variable ?? '') ? `${start}${redacted}` : whole,
  );
}

interface NamedArgument {
  name: string;
  value: string;
  /** Where it stands in argv, first and last. */
  from: number;
  to: number;
}

function namedArguments(command: readonly string[]): NamedArgument[] {
  const found: NamedArgument[] = [];
  for (let at = firstOwnArgument(command); at < command.length; at++) {
    const argument = command[at] ?? '';
    if (argument === '--') break;
    const option = /^--?([A-Za-z][\w.-]*)(?:=([\s\S]*))?$/.exec(argument);
    if (option?.[1] !== undefined) {
      let to = at;
      const values = option[2] === undefined ? [] : [option[2]];
      if (option[2] === undefined)
        while (to + 1 < command.length && isValue(command[to + 1] ?? '')) values.push(command[++to] ?? '');
      found.push({ name: option[1], value: values.length === 0 ? 'true' : values.join(' '), from: at, to });
      at = to;
      continue;
    }
    const override = /^\+{0,2}([A-Za-z_][\w./@-]*)=([\s\S]*)$/.exec(argument);
    if (override?.[1] !== undefined)
      found.push({ name: override[1], value: override[2] ?? '', from: at, to: at });
  }
  return found;
}

/** Index of the first argument that belongs to the user's program. */
function firstOwnArgument(command: readonly string[]): number {
  if (!launchers.test(basename(command[0] ?? ''))) return 1;
  for (let at = 1; at < command.length; at++) {
    const argument = command[at] ?? '';
    if (inlineCode.has(argument)) return command.length;
    if (argument === moduleOption) return at + 2;
    if (scriptFile.test(argument)) return at + 1;
  }
  return command.length;
}

function isValue(argument: string): boolean {
  return !/^--?[A-Za-z]/.test(argument) && argument !== '--' && !/^\+{0,2}[A-Za-z_][\w./@-]*=/.test(argument);
}
