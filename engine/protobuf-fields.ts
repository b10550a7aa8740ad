/** One field of a protobuf message: an integer (varint) as its 64 bits without a sign; everything else as its bytes. */
export type ProtobufField =
  | { readonly number: number; readonly kind: 'integer'; readonly value: bigint }
  /** Eight bytes, four bytes, or any number: a text, bytes, a message, packed numbers. */
  | { readonly number: number; readonly kind: 'fixed64' | 'fixed32' | 'bytes'; readonly value: Buffer };

/**
 * The fields of a protobuf message, without knowing its schema; null when the bytes are no message.
 * Source: the encoding chapter of the Protocol Buffers documentation.
 */
export function protobufFields(bytes: Buffer): ProtobufField[] | null {
  const fields: ProtobufField[] = [];
  let at = 0;
  const varint = (): bigint | null => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) return null;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    return null;
  };
  while (at < bytes.length) {
    const key = varint();
    if (key === null || key > 0xffffffffn) return null;
    const number = Number(key >> 3n);
    const type = Number(key & 7n);
    if (number === 0) return null;
    if (type === 0) {
      const value = varint();
      if (value === null) return null;
      fields.push({ number, kind: 'integer', value });
      continue;
    }
    const kind = kinds[type];
    if (kind === undefined) return null;
    const length = kind === 'fixed64' ? 8 : kind === 'fixed32' ? 4 : Number(varint() ?? -1);
    if (length < 0 || at + length > bytes.length) return null;
    fields.push({ number, kind, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

/** By the type that stands with the number; groups, 3 and 4, are long out of use. */
const kinds: Readonly<Record<number, 'fixed64' | 'bytes' | 'fixed32'>> = {
  1: 'fixed64',
  2: 'bytes',
  5: 'fixed32',
};
