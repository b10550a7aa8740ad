const escape = 0x1b;
const bell = 0x07;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/** Lower case of every ASCII letter; every other byte is itself. */
const lowered = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte,
);

/** Bytes as they are searched: without escape sequences, in lower case where case does not count. */
export interface PlainBytes {
  readonly bytes: Buffer;
  /** Where a byte of `bytes` stood before anything was taken out. */
  originOf(at: number): number;
}

/**
 * Bytes ready for a search of ASCII text. `scratch` is written over and must be as long. Colours (CSI and OSC sequences,
 * ECMA-48) stand between letters that are seen side by side, so they are taken out; nothing is copied where there are none
 * and case counts.
 */
export function plainBytes(bytes: Buffer, isCaseSensitive: boolean, scratch: Buffer): PlainBytes {
  if (bytes.includes(escape)) return withoutSequences(bytes, isCaseSensitive, scratch);
  if (isCaseSensitive) return { bytes, originOf: (at) => at };
  const { length } = bytes;
  for (let at = 0; at < length; at++) scratch[at] = lowered[bytes[at] as number] as number;
  return { bytes: scratch.subarray(0, length), originOf: (at) => at };
}

function withoutSequences(bytes: Buffer, isCaseSensitive: boolean, scratch: Buffer): PlainBytes {
  /** After the byte at `places[n]` of the result, `removed[n]` bytes in all have been left out. */
  const places: number[] = [];
  const removed: number[] = [];
  let out = 0;
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] as number;
    if (byte === escape) {
      at = endOfSequence(bytes, at);
      places.push(out);
      removed.push(at - out);
      continue;
    }
    scratch[out++] = isCaseSensitive ? byte : (lowered[byte] as number);
    at++;
  }
  return {
    bytes: scratch.subarray(0, out),
    originOf(at) {
      let low = 0;
      let high = places.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((places[middle] as number) <= at) low = middle + 1;
        else high = middle;
      }
      return at + (removed[low - 1] ?? 0);
    },
  };
}

/** Where what follows an escape sequence begins; right behind the escape when it begins none. */
function endOfSequence(bytes: Buffer, start: number): number {
  const kind = bytes[start + 1];
  if (kind === openBracket) {
    let at = start + 2;
    // Parameters and intermediates, then one final byte; a line's end breaks off what is none.
    while (at < bytes.length && (bytes[at] as number) >= 0x20 && (bytes[at] as number) < 0x40) at++;
    return at < bytes.length && (bytes[at] as number) >= 0x40 && (bytes[at] as number) < 0x7f ? at + 1 : at;
  }
  if (kind === closeBracket) {
    for (let at = start + 2; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === bell) return at + 1;
      if (byte === escape) return bytes[at + 1] === 0x5c ? at + 2 : at;
      if (byte === 0x0a) return at;
    }
    return bytes.length;
  }
  return kind !== undefined && kind >= 0x40 && kind < 0x60 ? start + 2 : start + 1;
}
