import seedrandom from "seedrandom";
import { philox, type Block } from "./philox.ts";

/** What a stream of random numbers is for. Its position is part of the counter: append, never reorder. */
export const PURPOSES = ["sample", "trial-seed", "start", "fit", "search", "arm", "shadow", "forest"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A stream of random numbers that depends on nothing but the study's seed, the trial and the purpose. */
export interface Rng {
  /** The next unsigned 32-bit integer. */
  uint32(): number;
  /** The next number in [0, 1), with 53 random bits. */
  uniform(): number;
}

/**
 * The stream of one trial for one purpose.
 *
 * @param seed the study's seed, any text
 * @param trial the trial's number, 0 … 2³²−1
 */
export function createRng(seed: string, trial: number, purpose: Purpose): Rng {
  const key = keyOf(seed);
  const stream = PURPOSES.indexOf(purpose);
  let block: Block = [0, 0, 0, 0];
  let used = 4;
  let count = 0;
  const uint32 = (): number => {
    if (used === 4) {
      block = philox(key, [count++, 0, trial, stream]);
      used = 0;
    }
    return block[used++] as number;
  };
  return { uint32, uniform: () => ((uint32() >>> 5) * 0x4000000 + (uint32() >>> 6)) / 2 ** 53 };
}

const keys = new Map<string, readonly [number, number]>();

/** Turns any text into a Philox key; kept, since seeding is slow beside drawing. */
function keyOf(seed: string): readonly [number, number] {
  let key = keys.get(seed);
  if (key === undefined) {
    const generator = seedrandom(seed);
    key = [generator.int32() >>> 0, generator.int32() >>> 0];
    keys.set(seed, key);
  }
  return key;
}
