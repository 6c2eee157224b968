import { describe, expect, it } from "vitest";
import { philox } from "../../src/numerics/philox.ts";
import { createRng, PURPOSES } from "../../src/numerics/rng.ts";

describe("Philox 4×32-10", () => {
  // The known answers of the Random123 library 1.14 (kat_vectors, philox4x32 with 10 rounds).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)("gives the known answer for counter %j", (counter, key, answer) => {
    expect(philox(key, counter)).toEqual(answer);
  });
});

describe("a stream of random numbers", () => {
  const draw = (seed: string, trial: number, purpose: "sample" | "trial-seed" = "sample"): number[] => {
    const rng = createRng(seed, trial, purpose);
    return Array.from({ length: 1000 }, () => rng.uniform());
  };

  it("depends on seed, trial and purpose alone, and on each of them", () => {
    expect(draw("a", 0)).toEqual(draw("a", 0));
    const firsts = [draw("a", 0), draw("b", 0), draw("a", 1), draw("a", 0, "trial-seed")].map(([first]) => first);
    expect(new Set(firsts).size).toBe(4);
  });

  it("has for each purpose its old place, on which the studies of earlier versions depend", () => {
    expect(PURPOSES).toEqual(["sample", "trial-seed", "start", "fit", "search", "arm", "shadow", "forest"]);
  });

  it("is uniform on [0, 1)", () => {
    const values = Array.from({ length: 20 }, (_, trial) => draw("u", trial)).flat();
    for (const value of values) expect(value >= 0 && value < 1).toBe(true);
    const counts = Array.from(
      { length: 10 },
      (_, bin) => values.filter((value) => Math.floor(value * 10) === bin).length,
    );
    // χ² with 9 degrees of freedom: 27.9 is its 0.999 quantile.
    expect(counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0)).toBeLessThan(27.9);
  });
});
