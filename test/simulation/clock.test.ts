import { expect, test } from "vitest";
import { SimulatedClock } from "../../src/simulation/clock.ts";

test("what is due first happens first, at its time, and what is due at once in the order it was asked for", async () => {
  const clock = new SimulatedClock();
  const seen: [string, number][] = [];
  const see = (name: string) => (): void => void seen.push([name, clock.time]);
  await new Promise<void>((resolve) => {
    clock.after(5, see("c"));
    clock.after(2, () => {
      see("a")();
      clock.after(3, see("d"));
      clock.after(0, see("b"));
    });
    clock.after(9, resolve);
  });
  expect(seen).toEqual([
    ["a", 2],
    ["b", 2],
    ["c", 5],
    ["d", 5],
  ]);
});

test("whoever is called for a failure hears of it, and the rest happens", async () => {
  const clock = new SimulatedClock();
  const failures: unknown[] = [];
  clock.onFailure = (error) => failures.push(error);
  await new Promise<void>((resolve) => {
    clock.after(1, () => {
      throw new Error("planted");
    });
    clock.after(2, resolve);
  });
  expect(failures).toEqual([new Error("planted")]);
});
