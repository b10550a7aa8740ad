/**
 * A path as git has it: bytes, one UTF-16 unit each ("binary" text), with slashes and without a leading one. So no name is too odd
 * to be recorded, and paths compare and sort as git's do.
 */
export type BytePath = string;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The path for people: as UTF-8, or with its bytes beyond ASCII as `\xNN` where it is none. */
export function shownPath(path: BytePath): string {
  try {
    return utf8.decode(Buffer.from(path, 'latin1'));
  } catch {
    return path.replaceAll(
      /[^\x20-\x7e]/g,
      (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  }
}

export const bytePath = (path: string): BytePath => Buffer.from(path, 'utf8').toString('latin1');

/** The path of a file below a folder, as the system wants it. */
export const pathBelow = (rootPath: string, path: BytePath): Buffer =>
  Buffer.concat([Buffer.from(`${rootPath}/`, 'utf8'), Buffer.from(path, 'latin1')]);
