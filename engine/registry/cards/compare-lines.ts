import type { CardLine } from '../../../contract/index.ts';

/** Longer texts are told as wholly different: the table of the comparison grows with the product of both. */
const cellsAtMost = 4_000_000;

/** What differs between two texts, line by line, with the longest common run of lines kept (the classic table of Hunt and McIlroy). */
export function compareLines(before: string, after: string): CardLine[] {
  const old = before.split('\n');
  const fresh = after.split('\n');
  if (old.length * fresh.length > cellsAtMost)
    return [...old.map((text) => line('removed', text)), ...fresh.map((text) => line('added', text))];
  const width = fresh.length + 1;
  // common[i * width + j]: how many lines old from i and fresh from j share.
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--)
      common[i * width + j] =
        old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: CardLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < fresh.length) {
    const [was, is] = [old[i], fresh[j]];
    if (was !== undefined && was === is) {
      lines.push(line('same', was));
      i++;
      j++;
    } else if (was !== undefined && (is === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(line('removed', was));
      i++;
    } else if (is !== undefined) {
      lines.push(line('added', is));
      j++;
    }
  }
  return lines;
}

const line = (kind: CardLine['kind'], text: string): CardLine => ({ kind, text });
