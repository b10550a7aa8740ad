/** One chunk of a file, as the index lists it. */
export interface ListedChunk {
  /** Number of its row. */
  readonly id: number;
  readonly sizeBytes: number;
}

/**
 * A part of a file's list of chunks in bytes: for each the difference of its number to the one before (zigzag) and its size,
 * as varints of 7 bits a byte, the lowest first, with the high bit set on all but the last.
 */
export function manifestBody(chunks: readonly ListedChunk[]): Buffer {
  const bytes = Buffer.allocUnsafe(chunks.length * 14);
  let at = 0;
  const write = (value: number) => {
    let left = value;
    for (; left > 127; left = Math.floor(left / 128)) bytes[at++] = (left % 128) | 128;
    bytes[at++] = left;
  };
  let before = 0;
  for (const { id, sizeBytes } of chunks) {
    const step = id - before;
    write(step < 0 ? -2 * step - 1 : 2 * step);
    write(sizeBytes);
    before = id;
  }
  return bytes.subarray(0, at);
}

/** @throws where the bytes are no such list. */
export function readManifestBody(body: Uint8Array): ListedChunk[] {
  const chunks: ListedChunk[] = [];
  let at = 0;
  const read = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = body[at++];
      if (byte === undefined || scale > 2 ** 49) throw new Error('A list of chunks is damaged.');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  let id = 0;
  while (at < body.length) {
    const step = read();
    id += step % 2 === 0 ? step / 2 : -(step + 1) / 2;
    chunks.push({ id, sizeBytes: read() });
  }
  return chunks;
}
