import type { PointColumns } from './point-columns.ts';

/**
 * Points of one series in bytes, format 1 (docs/storage.md):
 *
 *   flags        1 byte: bits 0–1 steps, bits 2–3 times (0 regular, 1 varints, 2 raw), bit 4 values are float32, bit 5 one point
 *   count        varint, absent for one point
 *   steps        regular: first, stride (absent for one point); varints: first, then differences; raw: float64 each
 *   times        regular: as steps; varints: first, first difference, then differences of differences; raw: float64 each
 *   values       float32 where all are exactly that, else float64; NaN and infinities are themselves
 *
 * Varints have 7 bits a byte, the lowest first; signed numbers are zigzagged (0, -1, 1, -2 … are 0, 1, 2, 3 …). Floats are
 * little-endian.
 */
const regular = 0;
const varints = 1;
const raw = 2;
const narrowValues = 16;
const singlePoint = 32;

/** Numbers beyond this are kept raw, so that twice their difference is still exact. */
const largestVarint = 2 ** 50;

/** Grows to the largest batch seen; bytes leave it as copies. */
let scratch = Buffer.alloc(64 * 1024);
let at = 0;

/** Starts a new piece of bytes that holds at least this many points. */
export function beginBytes(points: number): void {
  const needed = 64 + points * 40;
  if (scratch.length < needed) scratch = Buffer.alloc(needed * 2);
  at = 0;
}

export const endBytes = (): Buffer => Buffer.from(scratch.subarray(0, at));

/** A whole number ≥ 0. */
export function writeVarint(number: number): void {
  let rest = number;
  while (rest >= 0x8000_0000) {
    scratch[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 128) {
    scratch[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  scratch[at++] = rest;
}

const writeSigned = (number: number): void => writeVarint(number >= 0 ? number * 2 : number * -2 - 1);

/** The bytes of points; at least one. */
export function bytesOf(points: PointColumns): Buffer {
  beginBytes(points.steps.length);
  writePoints(points.steps, points.times, points.values, 0, points.steps.length);
  return endBytes();
}

/** Writes the points [from, to) of columns in any order. */
export function writePoints(
  steps: Float64Array,
  times: Float64Array,
  values: Float64Array,
  from: number,
  to: number,
): void {
  const count = to - from;
  const stepKind = kindOf(steps, from, to);
  const timeKind = kindOf(times, from, to);
  const isNarrow = areNarrow(values, from, to);
  scratch[at++] =
    stepKind | (timeKind << 2) | (isNarrow ? narrowValues : 0) | (count === 1 ? singlePoint : 0);
  if (count !== 1) writeVarint(count);
  writeIntegers(steps, from, to, stepKind, false);
  writeIntegers(times, from, to, timeKind, true);
  if (isNarrow) for (let index = from; index < to; index++) at = scratch.writeFloatLE(values[index] ?? 0, at);
  else for (let index = from; index < to; index++) at = scratch.writeDoubleLE(values[index] ?? 0, at);
}

function kindOf(column: Float64Array, from: number, to: number): number {
  const first = column[from] ?? 0;
  const stride = to - from > 1 ? (column[from + 1] ?? 0) - first : 0;
  let isRegular = true;
  for (let index = from; index < to; index++) {
    const number = column[index] ?? 0;
    if (number > largestVarint || number < -largestVarint || !Number.isInteger(number)) return raw;
    if (isRegular && number !== first + stride * (index - from)) isRegular = false;
  }
  return isRegular ? regular : varints;
}

function areNarrow(values: Float64Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    const value = values[index] ?? 0;
    if (!Object.is(Math.fround(value), value)) return false;
  }
  return true;
}

function writeIntegers(
  column: Float64Array,
  from: number,
  to: number,
  kind: number,
  areTimes: boolean,
): void {
  if (kind === raw) {
    for (let index = from; index < to; index++) at = scratch.writeDoubleLE(column[index] ?? 0, at);
    return;
  }
  let before = column[from] ?? 0;
  writeSigned(before);
  if (to - from === 1) return;
  if (kind === regular) return writeSigned((column[from + 1] ?? 0) - before);
  let stride = 0;
  for (let index = from + 1; index < to; index++) {
    const number = column[index] ?? 0;
    const difference = number - before;
    writeSigned(difference - stride);
    if (areTimes) stride = difference;
    before = number;
  }
}

/** A place in bytes that are being read. */
export interface ByteReader {
  readonly bytes: Uint8Array;
  at: number;
}

export function readVarint(reader: ByteReader): number {
  let number = 0;
  let scale = 1;
  for (;;) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new RangeError('The bytes of a series end too early.');
    number += (byte & 0x7f) * scale;
    if (byte < 128) return number;
    scale *= 128;
  }
}

function readSigned(reader: ByteReader): number {
  const number = readVarint(reader);
  return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
}

export const pointsOf = (bytes: Uint8Array): PointColumns => readPoints({ bytes, at: 0 });

/** Reads what `writePoints` wrote. */
export function readPoints(reader: ByteReader): PointColumns {
  const flags = reader.bytes[reader.at++] ?? 0;
  const count = (flags & singlePoint) === 0 ? readVarint(reader) : 1;
  // Eight bytes a value at least would be there if none were narrow; a damaged count must not take the memory.
  if (count > reader.bytes.length) throw new RangeError('The bytes of a series are damaged.');
  const steps = readIntegers(reader, count, flags & 3, false);
  const times = readIntegers(reader, count, (flags >> 2) & 3, true);
  const values = readFloats(reader, count, (flags & narrowValues) !== 0);
  return { steps, times, values };
}

function readIntegers(reader: ByteReader, count: number, kind: number, areTimes: boolean): Float64Array {
  if (kind === raw) return readFloats(reader, count, false);
  const column = new Float64Array(count);
  let number = readSigned(reader);
  column[0] = number;
  if (count === 1) return column;
  if (kind === regular) {
    const first = number;
    const stride = readSigned(reader);
    for (let index = 1; index < count; index++) column[index] = first + stride * index;
    return column;
  }
  const { bytes } = reader;
  let place = reader.at;
  let stride = 0;
  for (let index = 1; index < count; index++) {
    // Nearly all differences take one byte or two; the rest goes the long way.
    let unsigned = bytes[place] ?? 0;
    if (unsigned < 128) place++;
    else {
      const second = bytes[place + 1] ?? 0;
      if (second < 128) {
        unsigned = (unsigned & 0x7f) + second * 128;
        place += 2;
      } else {
        reader.at = place;
        unsigned = readVarint(reader);
        place = reader.at;
      }
    }
    const difference = (unsigned % 2 === 0 ? unsigned / 2 : -(unsigned + 1) / 2) + stride;
    if (areTimes) stride = difference;
    number += difference;
    column[index] = number;
  }
  reader.at = place;
  return column;
}

function readFloats(reader: ByteReader, count: number, isNarrow: boolean): Float64Array {
  const size = count * (isNarrow ? 4 : 8);
  const from = reader.bytes.byteOffset + reader.at;
  if (reader.at + size > reader.bytes.length) throw new RangeError('The bytes of a series end too early.');
  reader.at += size;
  // A copy is aligned, which the place in the bytes need not be.
  const copy = reader.bytes.buffer.slice(from, from + size);
  return isNarrow ? Float64Array.from(new Float32Array(copy)) : new Float64Array(copy);
}
