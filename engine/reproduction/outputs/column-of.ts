/** How numbers lie in a file of arrays. */
export type NumberKind =
  | 'float64'
  | 'float32'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'uint32'
  | 'int16'
  | 'uint16'
  | 'int8'
  | 'uint8';

const widths: Readonly<Record<NumberKind, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  uint64: 8,
  int32: 4,
  uint32: 4,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
};

/**
 * Little-endian numbers as a column; integers of 64 bits as doubles, exact up to 2^53. Null when the bytes are no whole number of
 * them.
 */
export function columnOf(bytes: Uint8Array<ArrayBuffer>, kind: NumberKind): ArrayLike<number> | null {
  const width = widths[kind];
  if (bytes.length % width !== 0) return null;
  const length = bytes.length / width;
  // A typed array has to begin at a multiple of its width.
  const buffer =
    bytes.byteOffset % width === 0
      ? bytes.buffer
      : bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const offset = bytes.byteOffset % width === 0 ? bytes.byteOffset : 0;
  switch (kind) {
    case 'float64':
      return new Float64Array(buffer, offset, length);
    case 'float32':
      return new Float32Array(buffer, offset, length);
    case 'float16':
      return Float64Array.from(new Uint16Array(buffer, offset, length), halfOf);
    case 'bfloat16':
      return new Float32Array(
        Uint32Array.from(new Uint16Array(buffer, offset, length), (bits) => bits << 16).buffer,
      );
    case 'int64':
      return Float64Array.from({ length }, (_, at) => Number(new BigInt64Array(buffer, offset, length)[at]));
    case 'uint64':
      return Float64Array.from({ length }, (_, at) => Number(new BigUint64Array(buffer, offset, length)[at]));
    case 'int32':
      return new Int32Array(buffer, offset, length);
    case 'uint32':
      return new Uint32Array(buffer, offset, length);
    case 'int16':
      return new Int16Array(buffer, offset, length);
    case 'uint16':
      return new Uint16Array(buffer, offset, length);
    case 'int8':
      return new Int8Array(buffer, offset, length);
    case 'uint8':
      return new Uint8Array(buffer, offset, length);
  }
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
