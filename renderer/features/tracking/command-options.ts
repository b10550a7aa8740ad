/** What a command line says of an option: its value, `true` for a flag that stands there, null when it is not given. */
export function optionValue(command: readonly string[], name: string, isFlag: boolean): string | true | null {
  for (const [at, word] of command.entries()) {
    if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
    if (word !== name) continue;
    return isFlag ? true : valuesAfter(command, at).join(' ');
  }
  return null;
}

/** The command with an option set: to a value, as a flag (`true`), or taken out (null). Everything else stays. */
export function withOption(command: readonly string[], name: string, value: string | true | null): string[] {
  const at = command.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const isJoined = at >= 0 && command[at] !== name;
  const written =
    value === null
      ? []
      : value === true
        ? [name]
        : isJoined
          ? [`${name}=${value}`]
          : [name, ...wordsOf(value)];
  if (at < 0) return [...command, ...written];
  const length = isJoined || value === true ? 1 : 1 + valuesAfter(command, at).length;
  return command.toSpliced(at, length, ...written);
}

/** Several values of one option are written with blanks between them. */
const wordsOf = (value: string) => (value.trim() === '' ? [value] : value.trim().split(/\s+/));

function valuesAfter(command: readonly string[], at: number): string[] {
  const rest = command.slice(at + 1);
  const end = rest.findIndex((word) => /^--?[A-Za-z]/.test(word));
  return end < 0 ? rest : rest.slice(0, end);
}
