import type { Rng } from "./rng.ts";
import { INITIAL, POLYNOMIALS } from "./sobol-directions.ts";

const BITS = 32;
const TABLED = POLYNOMIALS.length;

/**
 * Points of a Sobol sequence, scrambled by Owen's nested uniform scrambling from `rng`; point i is a pure function of
 * (rng's stream, i). Every 2ᵐ points from a multiple of 2ᵐ on have one point in each interval [k/2ᵐ, (k+1)/2ᵐ) of each
 * dimension.
 *
 * Direction numbers: Joe & Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci.
 * Comput. 30 (2008), set D(6), in Gray code order. Scrambling by hash: Burley, "Practical hash-based Owen scrambling",
 * JCGT 9 (2020). There are direction numbers for 256 dimensions; each further 256 are the same ones in an order that is
 * shuffled so as to keep every such block of 2ᵐ points together, as Burley pads: each of their coordinates is as even, but
 * pairs across such groups are no better than random.
 *
 * @param dimensions how many coordinates a point has
 * @param rng read now, one word per dimension and one per group; undefined gives the plain sequence
 * @returns the point of an index 0 … 2³²−1: coordinates in [0, 1), multiples of 2⁻³²
 * @throws RangeError for more than 256 dimensions unscrambled, or an index out of range
 */
export function createSobol(dimensions: number, rng: Rng | undefined): (index: number) => Float64Array {
  if (rng === undefined && dimensions > TABLED) {
    throw new RangeError(
      `An unscrambled Sobol sequence has at most ${TABLED} dimensions, not ${dimensions}: give it a random stream.`,
    );
  }
  const directions = reversedDirections(Math.min(dimensions, TABLED));
  const orders: number[] = [];
  const seeds = Uint32Array.from({ length: dimensions }, (_, dimension) => {
    if (dimension > 0 && dimension % TABLED === 0) orders.push(rng?.uint32() ?? 0);
    return rng?.uint32() ?? 0;
  });
  const scramble = rng === undefined ? (reversed: number): number => reversed : owenHash;

  return (index) => {
    if (!Number.isInteger(index) || index < 0 || index >= 2 ** BITS) {
      throw new RangeError(`Points of a Sobol sequence are numbered 0 to 2^32 - 1; there is no point ${index}.`);
    }
    const point = new Float64Array(dimensions);
    let gray = grayCode(index);
    for (let dimension = 0; dimension < dimensions; dimension++) {
      const row = dimension % TABLED;
      if (dimension > 0 && row === 0) {
        gray = grayCode(reverseBits(owenHash(reverseBits(index), orders[dimension / TABLED - 1] as number)));
      }
      let reversed = 0;
      for (let bits = gray; bits !== 0; bits &= bits - 1) {
        reversed ^= directions[row * BITS + 31 - Math.clz32(bits & -bits)] as number;
      }
      point[dimension] = (reverseBits(scramble(reversed, seeds[dimension] as number)) >>> 0) / 2 ** BITS;
    }
    return point;
  };
}

/** Direction numbers v₁ … v₃₂ of each dimension, bits reversed: the binary digit after the point is the lowest bit. */
function reversedDirections(dimensions: number): Int32Array {
  const reversed = new Int32Array(dimensions * BITS);
  const v = new Int32Array(BITS);
  let taken = 0;
  for (let dimension = 0; dimension < dimensions; dimension++) {
    const polynomial = POLYNOMIALS[dimension] as number;
    const degree = 31 - Math.clz32(polynomial);
    for (let i = 0; i < BITS; i++) {
      if (degree === 0 || i < degree) {
        v[i] = (degree === 0 ? 1 : (INITIAL[taken + i] as number)) << (BITS - 1 - i);
      } else {
        // Joe & Kuo (2008), equation 3, on left-aligned numbers.
        let next = (v[i - degree] as number) ^ ((v[i - degree] as number) >>> degree);
        for (let k = 1; k < degree; k++) if ((polynomial >> (degree - k)) & 1) next ^= v[i - k] as number;
        v[i] = next;
      }
      reversed[dimension * BITS + i] = reverseBits(v[i] as number);
    }
    taken += degree;
  }
  return reversed;
}

const grayCode = (index: number): number => index ^ (index >>> 1);

/** A 32-bit integer with its bits in reverse order. */
function reverseBits(x: number): number {
  let bits = ((x >>> 1) & 0x55555555) | ((x & 0x55555555) << 1);
  bits = ((bits >>> 2) & 0x33333333) | ((bits & 0x33333333) << 2);
  bits = ((bits >>> 4) & 0x0f0f0f0f) | ((bits & 0x0f0f0f0f) << 4);
  bits = ((bits >>> 8) & 0x00ff00ff) | ((bits & 0x00ff00ff) << 8);
  return (bits >>> 16) | (bits << 16);
}

/**
 * A permutation of the 32-bit integers in which each bit is flipped or not by a hash of the seed and the bits below it:
 * Owen's scrambling of bit-reversed numbers. Laine & Karras, "Stratified sampling for stochastic transparency", 2011, with
 * the rounds of Vegdahl, "Building a better LK hash", 2021, since theirs leaves visible structure.
 */
function owenHash(reversed: number, seed: number): number {
  let x = reversed ^ Math.imul(reversed, 0x3d20adea);
  x = Math.imul(x + seed, (seed >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  return x ^ Math.imul(x, 0x53a22864);
}
