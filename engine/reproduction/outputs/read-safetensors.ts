import { z } from 'zod';
import { columnOf, type NumberKind } from './column-of.ts';
import type { NamedArrays } from './numbers.ts';

/** The format's names of number types. */
const kinds: Readonly<Record<string, NumberKind>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  U64: 'uint64',
  I32: 'int32',
  U32: 'uint32',
  I16: 'int16',
  U16: 'uint16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'uint8',
};
const tensor = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().min(0)),
  data_offsets: z.tuple([z.number().int().min(0), z.number().int().min(0)]),
});

/**
 * The tensors of a `.safetensors` file: eight bytes with the length of a JSON header, the header, then the numbers, little
 * endian. Null for what is no such file, or has numbers of a kind that is not known. Nothing in it is run.
 */
export function readSafetensors(bytes: Uint8Array<ArrayBuffer>): NamedArrays | null {
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > bytes.length - 8) return null;
  const header = parsed(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  if (header === null) return null;
  const found = new Map<string, { shape: readonly number[]; values: ArrayLike<number> }>();
  for (const [name, told] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const read = tensor.safeParse(told);
    const kind = read.success ? kinds[read.data.dtype] : undefined;
    if (!read.success || kind === undefined) return null;
    const [from, to] = read.data.data_offsets;
    const values = columnOf(bytes.subarray(8 + headerBytes + from, 8 + headerBytes + to), kind);
    if (values === null || values.length !== read.data.shape.reduce((all, one) => all * one, 1)) return null;
    found.set(name, { shape: read.data.shape, values });
  }
  return found;
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // not the header of this format
  }
}
