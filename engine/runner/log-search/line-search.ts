import { stripVTControlCharacters } from 'node:util';
import type { LogPattern } from '../../../contract/index.ts';
import { plainBytes } from './plain-bytes.ts';

const newline = 0x0a;

/**
 * Looks through whole lines and tells where each line that holds the pattern begins, in ascending order. `bytes` ends with
 * a line's end or with the log's; offsets count from its start.
 */
export type LineSearch = (bytes: Buffer, found: (lineStart: number) => void) => void;

/**
 * A search for plain text or for a regular expression of JavaScript, line by line, colours left out of account. Throws
 * SyntaxError for an expression that cannot be read.
 */
export function lineSearch(pattern: LogPattern): LineSearch {
  const { text, isRegex, isCaseSensitive } = pattern;
  // Lines are separated by newlines, so text that holds one is in none of them.
  if (!isRegex && text.includes('\n')) return () => undefined;
  // oxlint-disable-next-line no-control-regex
  const isAscii = /^[\x00-\x7f]*$/.test(text);
  if (!isRegex && (isAscii || isCaseSensitive))
    return bytesSearch(Buffer.from(isCaseSensitive ? text : text.toLowerCase()), isCaseSensitive);
  const source = isRegex ? text : text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  return regexSearch(new RegExp(source, isCaseSensitive ? 'u' : 'iu'));
}

/** At the speed of a scan: no line is cut out, and only those with a find are looked at. */
function bytesSearch(needle: Buffer, isCaseSensitive: boolean): LineSearch {
  let scratch = Buffer.alloc(0);
  return (given, found) => {
    if (scratch.length < given.length) scratch = Buffer.allocUnsafe(given.length);
    const { bytes, originOf } = plainBytes(given, isCaseSensitive, scratch);
    for (let at = bytes.indexOf(needle); at >= 0 && at < bytes.length; at = bytes.indexOf(needle, at)) {
      // Asked of the newline before, since a line may begin with a colour.
      let before = at;
      while (before >= 0 && bytes[before] !== newline) before--;
      found(before < 0 ? 0 : originOf(before) + 1);
      const end = bytes.indexOf(newline, at);
      if (end < 0) return;
      at = end + 1;
    }
  };
}

/** A line at a time, since an expression may not reach over a line's end. */
function regexSearch(expression: RegExp): LineSearch {
  return (bytes, found) => {
    // One byte a character is as true for ASCII as UTF-8, and three times as fast.
    const isAscii = bytes.length === 0 || !hasHighByte(bytes);
    const text = bytes.toString(isAscii ? 'latin1' : 'utf8');
    let offset = 0;
    for (let start = 0; start < text.length;) {
      const end = text.indexOf('\n', start);
      const stop = end < 0 ? text.length : end;
      const line = text.slice(start, stop);
      if (expression.test(line.includes('\u001b') ? stripVTControlCharacters(line) : line)) found(offset);
      start = stop + 1;
      offset = isAscii ? start : bytes.indexOf(newline, offset) + 1;
    }
  };
}

function hasHighByte(bytes: Buffer): boolean {
  const { length } = bytes;
  for (let at = 0; at < length; at++) if ((bytes[at] as number) > 0x7f) return true;
  return false;
}
