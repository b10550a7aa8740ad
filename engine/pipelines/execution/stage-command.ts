import { basename } from 'node:path';

/**
 * The command that runs a stage's commands one after the other, each in a shell of its own, up to the first that fails. The shell is
 * the caller's, as DVC has it (`SHELL`, without its start-up files; `/bin/sh` where that is empty).
 */
export function stageCommand(commands: readonly string[], shell: string): string[] {
  const words = [shell === '' ? '/bin/sh' : shell, ...(basename(shell) === 'zsh' ? ['--no-rcs'] : [])];
  const [only = 'true'] = commands;
  if (commands.length <= 1) return [...words, '-c', only];
  const each = commands.map((command) => [...words, '-c', command].map(quoted).join(' '));
  return ['/bin/sh', '-c', each.join(' && ')];
}

const quoted = (word: string) =>
  /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
