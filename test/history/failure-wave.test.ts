import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Cause } from "../../src/history/events.ts";
import { FailureWave, gistOf } from "../../src/history/failure-wave.ts";
import { createRng } from "../../src/numerics/rng.ts";

const cause = (message: string, kind: Cause["kind"] = "exit"): Cause => ({ kind, message });
const BROKEN = cause("left with code 1: the mount is gone");

/** How many failures alike it takes after an earlier history of the study. */
function needed(earlier: readonly (Cause | undefined)[]): number {
  const wave = new FailureWave();
  for (const [trial, each] of earlier.entries()) wave.add(trial, each, each === undefined);
  let count = 0;
  while (wave.current === undefined) wave.add(earlier.length + count++, BROKEN, false);
  expect(wave.current.trials).toHaveLength(count);
  return count;
}

const successes = (count: number): undefined[] => Array.from({ length: count }, () => undefined);

describe("a wave of failures", () => {
  it("is three in a row while nothing has completed, whatever failed before", () => {
    expect(needed([])).toBe(3);
    expect(needed([cause("a"), cause("b")])).toBe(3);
  });

  it("takes fewer the less such failures the study had", () => {
    expect(needed(successes(3))).toBe(9);
    expect(needed(successes(10))).toBe(6);
    expect(needed(successes(1_000))).toBe(3);
    // 0.3^k < 1e-6
    expect(needed([...Array.from({ length: 30 }, () => BROKEN), ...successes(70)])).toBe(12);
  });

  it("is not there by chance in studies that fail at any rate", () => {
    let waves = 0;
    for (let study = 0; study < 100; study++) {
      const rng = createRng("waves", study, "sample");
      const rate = 0.1 + 0.006 * study;
      const wave = new FailureWave();
      wave.add(0, undefined, true);
      for (let trial = 1; trial < 1_000; trial++) {
        wave.add(trial, rng.uniform() < rate ? BROKEN : undefined, true);
        if (wave.current !== undefined) {
          waves++;
          break;
        }
      }
    }
    expect(waves).toBeLessThanOrEqual(1);
  });

  it("ends with whatever else ends, and is not counted once it is forgotten", () => {
    const wave = new FailureWave();
    for (let trial = 0; trial < 3; trial++) wave.add(trial, BROKEN, false);
    expect(wave.current).toMatchObject({ trials: [0, 1, 2], isAll: true });
    wave.forget();
    expect(wave.current).toBeUndefined();
    for (let trial = 3; trial < 6; trial++) wave.add(trial, BROKEN, false);
    wave.add(6, cause("something else"), false);
    expect(wave.current).toBeUndefined();
  });

  it("knows a fault by its kind, and by its words without the numbers", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ noNaN: true }), (a, b) => {
        expect(gistOf(cause(`index ${Math.abs(a)} at 0xff${Math.abs(a).toString(16)}`))).toBe(
          gistOf(cause("index 1 at 0xff0")),
        );
        expect(gistOf(cause(`loss was NaN at step ${b}`, "non-finite"))).toBe(
          gistOf(cause("loss was null", "non-finite")),
        );
      }),
    );
    expect(gistOf(cause("a"))).not.toBe(gistOf(cause("a", "error")));
  });
});
