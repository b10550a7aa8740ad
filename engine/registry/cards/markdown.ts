/** A table of Markdown. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(titles), `|${titles.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** As text of a cell: nothing in it is Markdown or HTML. */
export const escaped = (text: string): string =>
  text.replaceAll(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`).replaceAll(/\s+/g, ' ');

/** Six digits, as a person reads a figure. */
export const numberText = (value: number): string => String(Number(value.toPrecision(6)));

export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
