/** Draws of NumPy's `RandomState`: what scikit-learn shuffles rows by. */
export interface MersenneTwister {
  /** A whole number from 0 to and with `most`, which is below 2^32. */
  upTo(most: number): number;
}

const size = 624;
const middle = 397;

/** MT19937 (Matsumoto and Nishimura, 1998), seeded by a whole number as its authors' `init_genrand`. */
export function mersenneTwister(seed: number): MersenneTwister {
  const state = new Uint32Array(size);
  state[0] = seed;
  for (let at = 1; at < size; at++) {
    const last = state[at - 1] ?? 0;
    state[at] = Math.imul(1_812_433_253, last ^ (last >>> 30)) + at;
  }
  let place = size;

  function refill(): void {
    for (let at = 0; at < size; at++) {
      const joined = ((state[at] ?? 0) & 0x8000_0000) | ((state[(at + 1) % size] ?? 0) & 0x7fff_ffff);
      state[at] =
        (state[(at + middle) % size] ?? 0) ^ (joined >>> 1) ^ ((joined & 1) === 0 ? 0 : 0x9908_b0df);
    }
    place = 0;
  }

  function next(): number {
    if (place === size) refill();
    let word = state[place++] ?? 0;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c_5680;
    word ^= (word << 15) & 0xefc6_0000;
    return (word ^ (word >>> 18)) >>> 0;
  }

  return {
    upTo(most) {
      if (most === 0) return 0;
      // What exceeds the bound is drawn anew, by as many bits as the bound has.
      const mask = 0xffff_ffff >>> Math.clz32(most);
      for (;;) {
        const drawn = (next() & mask) >>> 0;
        if (drawn <= most) return drawn;
      }
    },
  };
}

/** Brings values into another order, in place (Fisher and Yates, from the end). */
export function shuffle(random: MersenneTwister, values: Uint32Array): void {
  for (let at = values.length - 1; at > 0; at--) {
    const other = random.upTo(at);
    const kept = values[at] ?? 0;
    values[at] = values[other] ?? 0;
    values[other] = kept;
  }
}
