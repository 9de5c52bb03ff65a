/**
 * Seeded random numbers, the same on every machine: sfc32 (Chris Doty-Humphrey, PractRand, public domain).
 * For sample data only: never for anything that must not be guessed.
 */

/** Draws. All of them come from one sequence, so the order of the calls is part of what a seed means. */
export interface Random {
  /** A whole number of 0 to 2^32 - 1. */
  bits(): number;
  /** A number of [0, 1). */
  unit(): number;
  /** A whole number of 0 to below - 1. */
  below(below: number): number;
}

/** The sequence of a seed; only its lowest 53 bits count. */
export function createRandom(seed: number): Random {
  let a = seed | 0;
  let b = Math.floor(seed / 0x1_0000_0000) | 0;
  let c = 0x2f6e2b1;
  let counter = 1;
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  // Near seeds give near states at first: the author's count of rounds until they are strangers.
  for (let round = 0; round < 15; round++) bits();
  return {
    bits,
    unit: () => bits() / 0x1_0000_0000,
    below: (below) => Math.floor((bits() / 0x1_0000_0000) * below),
  };
}

/**
 * A whole number of 0 to below - 1, small ones more often: a draw from [0, 1) to the power of `steepness`.
 * Multiplied out, because Math.pow need not give the same bits everywhere.
 */
export function skewed(random: Random, below: number, steepness: 2 | 3): number {
  const draw = random.unit();
  return Math.floor((steepness === 2 ? draw * draw : draw * draw * draw) * below);
}
