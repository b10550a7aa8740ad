/** Beyond so many different lines the least edit is not looked for; what is counted then is still true, only not the least. */
const maxEdits = 2000;

/** Lines of a text without their ends; a line feed at the end begins no further line. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/**
 * How many lines have to be added to and removed from one text to have the other: the least number, by E. W. Myers, "An O(ND)
 * Difference Algorithm and Its Variations" (1986).
 */
export function countLines(
  before: readonly string[],
  after: readonly string[],
): { addedLines: number; removedLines: number } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const edits = leastEdits(old, now) ?? editsWithoutOrder(old, now);
  // Edits are additions and removals together, and their difference is known.
  const addedLines = (edits + now.length - old.length) / 2;
  return { addedLines, removedLines: edits - addedLines };
}

function leastEdits(old: readonly string[], now: readonly string[]): number | null {
  const bound = Math.min(old.length + now.length, maxEdits);
  // Of each diagonal how far its best path reaches; index `bound` is diagonal 0.
  const reach = new Int32Array(2 * bound + 3);
  for (let edits = 0; edits <= bound; edits++) {
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const at = diagonal + bound + 1;
      const [below = 0, above = 0] = [reach[at - 1], reach[at + 1]];
      let x = diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x++;
      reach[at] = x;
      if (x >= old.length && x - diagonal >= now.length) return edits;
    }
  }
  return null;
}

/** Lines that only one side has, each as often as it stands there. */
function editsWithoutOrder(old: readonly string[], now: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const line of old) counts.set(line, (counts.get(line) ?? 0) + 1);
  let common = 0;
  for (const line of now) {
    const left = counts.get(line) ?? 0;
    if (left === 0) continue;
    counts.set(line, left - 1);
    common++;
  }
  return old.length + now.length - 2 * common;
}
