import type { JudgedOutput, Tolerance } from '../../../contract/index.ts';
import { distance, type NamedArrays } from './numbers.ts';
import { readNpy, readNpz } from './read-numpy.ts';
import { readSafetensors } from './read-safetensors.ts';
import { numbersInText } from './read-text-numbers.ts';

/** Larger files are compared by their bytes alone: both have to be in memory to be taken apart. */
export const judgedBytesAtMost = 256 * 1024 * 1024;
const textBytesAtMost = 32 * 1024 * 1024;

interface Judgement extends Pick<JudgedOutput, 'state' | 'detail'> {
  /** The greatest difference of two numbers; null where there are none to compare. */
  readonly greatest: number | null;
}
type Read = (bytes: Uint8Array<ArrayBuffer>) => NamedArrays | null | Promise<NamedArrays | null>;

const arrays: Readonly<Record<string, Read>> = {
  npy: readNpy,
  npz: readNpz,
  safetensors: readSafetensors,
};
const texts = new Set(['json', 'jsonl', 'csv', 'tsv', 'txt', 'md', 'yaml', 'yml']);

/** True where two files of this name and size can be told apart by their numbers, not only by their bytes. */
export function holdsNumbers(path: string, sizeBytes: number): boolean {
  const ending = endingOf(path);
  return ending in arrays
    ? sizeBytes <= judgedBytesAtMost
    : texts.has(ending) && sizeBytes <= textBytesAtMost;
}

/** Judges two files of one name whose bytes differ: arrays by `allclose`, texts by their numbers with the words equal. */
export async function judgeOutput(
  path: string,
  a: Uint8Array<ArrayBuffer>,
  b: Uint8Array<ArrayBuffer>,
  tolerance: Tolerance,
): Promise<Judgement> {
  const read = arrays[endingOf(path)];
  if (read !== undefined) {
    const [one, other] = await Promise.all([read(a), read(b)]);
    return one === null || other === null
      ? otherBytes('it holds no plain numbers of a known kind')
      : await judgeArrays(one, other, tolerance);
  }
  const one = numbersInText(new TextDecoder().decode(a));
  const other = numbersInText(new TextDecoder().decode(b));
  if (one.frame !== other.frame) return apart('the text between the numbers differs');
  return closeness(await distance(one.values, other.values, tolerance));
}

async function judgeArrays(a: NamedArrays, b: NamedArrays, tolerance: Tolerance): Promise<Judgement> {
  const lacking = [...a.keys()].filter((name) => !b.has(name));
  const added = [...b.keys()].filter((name) => !a.has(name));
  if (lacking.length + added.length > 0)
    return apart(`arrays on one side only: ${[...lacking, ...added].join(', ')}`);
  let greatest = 0;
  let isWithin = true;
  for (const [name, one] of a) {
    const other = b.get(name);
    if (other === undefined || one.shape.join() !== other.shape.join())
      return apart(`${name === '' ? 'the array' : name} has another shape`);
    const found = await distance(one.values, other.values, tolerance);
    isWithin &&= found.isWithin;
    if (!(found.greatest <= greatest)) greatest = found.greatest;
  }
  return closeness({ isWithin, greatest });
}

function closeness({ isWithin, greatest }: { isWithin: boolean; greatest: number }): Judgement {
  return {
    state: isWithin ? 'within' : 'differs',
    detail: Number.isNaN(greatest)
      ? 'a number on one side only'
      : `greatest difference ${Number(greatest.toPrecision(3))}`,
    greatest,
  };
}

const apart = (detail: string): Judgement => ({ state: 'differs', detail, greatest: null });
const otherBytes = (detail: string): Judgement => ({ state: 'other bytes', detail, greatest: null });
const endingOf = (path: string) => /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
