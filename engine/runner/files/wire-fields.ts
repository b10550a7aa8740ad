/** One field of a protobuf message: a varint as bigint; fixed numbers, texts, bytes and messages as their bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/**
 * The fields of a protobuf message, without knowing its schema; null when the bytes are no message.
 * Source: the encoding chapter of the Protocol Buffers documentation.
 */
export function fieldsOf(bytes: Buffer): WireField[] | null {
  const fields: WireField[] = [];
  let at = 0;
  const varint = (): bigint | null => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return null;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return null;
  };
  while (at < bytes.length) {
    const key = varint();
    if (key === null || key > 0xffffffffn) return null;
    const number = Number(key >> 3n);
    const kind = Number(key & 7n);
    if (kind === 0) {
      const value = varint();
      if (value === null) return null;
      fields.push({ number, value });
      continue;
    }
    const length = kind === 1 ? 8 : kind === 5 ? 4 : kind === 2 ? Number(varint() ?? -1) : -1;
    if (length < 0 || at + length > bytes.length) return null;
    fields.push({ number, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}
