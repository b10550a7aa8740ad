import { readFileSync } from 'node:fs';
import { WebAssembly, type SharedMemory } from '../web-assembly.ts';

/**
 * The inner loop of the Gear hash as a WebAssembly module: in plain JavaScript it takes four times as long and more, longer than
 * sha256 does, and it is the one loop over every byte that is ours.
 *
 * It reads bytes, and a table of 256 numbers at address 0, from a memory it is given. In words:
 *
 *     roll(at, to, mask, hash): while at < to: hash = (hash << 1) + table[byte[at++]]; if (hash & mask) == 0 return at
 *     the hash so far is left in `hash`; return −1
 */
export interface GearRoll {
  roll(at: number, to: number, mask: number, hash: number): number;
  readonly hash: { readonly value: number };
}

/** Bytes of the table at the beginning of the memory. */
export const tableBytes = 1024;
const pageBytes = 65_536;

/** Memory for a roll, shared so that another thread may read a file into it. */
export function gearMemory(sizeBytes: number): SharedMemory {
  const pages = Math.ceil((tableBytes + sizeBytes) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  new Int32Array(memory.buffer, 0, 256).set(gearTable());
  return memory;
}

/** 256 numbers without pattern: xorshift32 from 2463534242. Part of the format: other numbers cut elsewhere. */
export function gearTable(): Int32Array {
  const numbers = new Int32Array(256);
  let x = 2463534242;
  for (let index = 0; index < 256; index++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    numbers[index] = x;
  }
  return numbers;
}

let compiled: object | undefined;

export function gearRoll(memory: SharedMemory): GearRoll {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./gear-roll.wasm', import.meta.url)));
  const { exports } = new WebAssembly.Instance(compiled, { of: { memory } });
  return exports as unknown as GearRoll;
}
