/** Draws that are the same for the same seed, everywhere. */
export interface SeededRandom {
  /** A whole number from 0 to `below` - 1; `below` is at most 2^31. */
  index(below: number): number;
  /** From 0 to 1, 1 left out. */
  share(): number;
}

/** The generator sfc32 of PractRand (Chris Doty-Humphrey, public domain), which passes its tests at any length used here. */
export function seededRandom(seed: number): SeededRandom {
  let a = seed | 0;
  let b = (seed / 2 ** 32) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The first draws still look like the seed.
  for (let round = 0; round < 15; round++) next();
  return {
    index: (below) => Math.floor((next() / 2 ** 32) * below),
    share: () => next() / 2 ** 32,
  };
}
