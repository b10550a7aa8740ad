const linesAtMost = 24;

/**
 * The lines that tell best why a program ended: from its last Python traceback on (the end of it when that is long), else the
 * last few. Empty lines at the end are left out.
 */
export function lastWords(lines: readonly string[]): string[] {
  const end = lines.findLastIndex((line) => line.trim() !== '') + 1;
  const said = lines.slice(0, end);
  const traceback = said.findLastIndex((line) => line.startsWith('Traceback (most recent call last)'));
  if (traceback < 0) return said.slice(-8);
  const told = said.slice(traceback);
  if (told.length <= linesAtMost) return told;
  return [
    told[0] ?? '',
    `  … ${told.length - linesAtMost} lines left out`,
    ...told.slice(-(linesAtMost - 1)),
  ];
}
