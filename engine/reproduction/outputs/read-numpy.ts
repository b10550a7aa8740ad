import { unzip } from 'fflate';
import { columnOf, type NumberKind } from './column-of.ts';
import type { NamedArrays } from './numbers.ts';

/** NumPy's names of number types, without the mark of the byte order. */
const kinds: Readonly<Record<string, NumberKind>> = {
  f8: 'float64',
  f4: 'float32',
  f2: 'float16',
  i8: 'int64',
  u8: 'uint64',
  i4: 'int32',
  u4: 'uint32',
  i2: 'int16',
  u2: 'uint16',
  i1: 'int8',
  u1: 'uint8',
  b1: 'uint8',
};

/**
 * The array of a `.npy` file (numpy.lib.format, versions 1 to 3). Null for what is no such file, and for objects, texts and
 * numbers in big-endian order: objects would have to be unpickled, which runs code.
 */
export function readNpy(bytes: Uint8Array<ArrayBuffer>): NamedArrays | null {
  const array = arrayOf(bytes);
  return array === null ? null : new Map([['', array]]);
}

/** The arrays of a `.npz` file, which is a ZIP of `.npy` files. Null where one of them cannot be read. */
export async function readNpz(bytes: Uint8Array<ArrayBuffer>): Promise<NamedArrays | null> {
  const files = await new Promise<Record<string, Uint8Array<ArrayBuffer>> | null>((resolve) =>
    unzip(bytes, (error, unzipped) => resolve(error === null ? unzipped : null)),
  );
  if (files === null) return null;
  const arrays = new Map<string, { shape: readonly number[]; values: ArrayLike<number> }>();
  for (const [name, file] of Object.entries(files)) {
    const array = arrayOf(file);
    if (array === null) return null;
    arrays.set(name.replace(/\.npy$/, ''), array);
  }
  return arrays;
}

function arrayOf(
  bytes: Uint8Array<ArrayBuffer>,
): { shape: readonly number[]; values: ArrayLike<number> } | null {
  if (bytes.length < 12 || Buffer.from(bytes.buffer, bytes.byteOffset, 6).toString('latin1') !== '\x93NUMPY')
    return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isFirst = bytes[6] === 1;
  const headerBytes = isFirst ? view.getUint16(8, true) : view.getUint32(8, true);
  const begin = isFirst ? 10 : 12;
  const header = new TextDecoder().decode(bytes.subarray(begin, begin + headerBytes));
  const kind = kinds[/'descr':\s*'[<|=]?([a-z]\d)'/.exec(header)?.[1] ?? ''];
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (kind === undefined || shape === undefined) return null;
  const values = columnOf(bytes.subarray(begin + headerBytes), kind);
  const sizes = shape
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  if (values === null || values.length !== sizes.reduce((all, one) => all * one, 1)) return null;
  // Whether rows or columns come first is part of what is compared.
  const isFortran = /'fortran_order':\s*True/.test(header);
  return { shape: isFortran ? [...sizes, -1] : sizes, values };
}
