const newline = 0x0a;

/** The whole lines at the beginning of some bytes, without their ends, and how many bytes they take. */
export function linesOf(bytes: Buffer): { lines: string[]; usedBytes: number } {
  const usedBytes = bytes.lastIndexOf(newline) + 1;
  const text = bytes.toString('utf8', 0, usedBytes).replace(/^\uFEFF/, '');
  return { lines: text.split(/\r?\n/).slice(0, -1), usedBytes };
}
