/**
 * An argv as one line that a POSIX shell would carry out the same way. What was given to `sh -c`, as a pipeline does with its
 * stages, is such a line already.
 */
export function commandLine(argv: readonly string[]): string {
  const [shell, flag, script] = argv;
  if (argv.length === 3 && shell === 'sh' && flag === '-c' && script !== undefined) return script;
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`))
    .join(' ');
}

/**
 * A line as an argv: words split at blanks; single and double quotes hold a word together, a backslash takes the next
 * character as it is. Nothing is expanded: no variables, globs or pipes.
 */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else if (char === '\\' && quote === '"' && at + 1 < line.length)
        word = (word ?? '') + line.charAt(++at);
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\' && at + 1 < line.length) word = (word ?? '') + line.charAt(++at);
    else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
