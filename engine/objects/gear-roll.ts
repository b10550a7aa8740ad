import { readFileSync } from 'node:fs';
import { WebAssembly, type SharedMemory } from '../web-assembly.ts';

/**
 * The inner loop of the hash by which files are cut, as a WebAssembly module: in plain JavaScript it takes longer than sha256, and it is the
 * one loop over every byte that is ours.
 *
 * The value of a place in the memory is made of the bytes before it alone. With the last four of them, little-endian, as the newest word:
 *
 *     hash  = Σ word_k · 2^k mod 2^32, word_k being the one that ends 4 · k bytes before the place
 *     value = hash · 0x9e3779b1 mod 2^32, taken as a signed number
 *
 * So 32 words count: `windowBytes`. Letting old bytes fall out by shifting is Gear's way; words in place of bytes, and Knuth's multiplication
 * (TAOCP 3, 6.4) in place of a table, let one instruction work on four places.
 */
export interface GearRoll {
  /** The first place behind `from` and up to `to` whose value exceeds `limit`; −1 where none does. Before `from` have to be `windowBytes` − 1. */
  find(from: number, to: number, limit: number): number;
}

/** Bytes before a place that make its value. */
export const windowBytes = 128;
/** So far behind the last place bytes are read; what they are counts for nothing. */
const readAhead = 32;

/** Content lies from here on in the memory. What comes before it is for the cutter. */
export const contentStart = 1024;
const pageBytes = 65_536;

/** Memory for a roll, shared so that another thread may read a file into it. */
export function gearMemory(sizeBytes: number): SharedMemory {
  const pages = Math.ceil((contentStart + sizeBytes + readAhead) / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

let compiled: object | undefined;

export function gearRoll(memory: SharedMemory): GearRoll {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('./gear-roll.wasm', import.meta.url)));
  const { exports } = new WebAssembly.Instance(compiled, { of: { memory } });
  return exports as unknown as GearRoll;
}
