import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/history/view.ts";
import { RankedList } from "../../src/schedulers/ranked-list.ts";
import { RungValues } from "../../src/schedulers/rung-values.ts";

interface Item {
  readonly value: number;
  readonly id: number;
}

const compare = (a: Item, b: Item): number => a.value - b.value || a.id - b.id;

describe("a ranked list", () => {
  it("answers as a sorted array does, whatever is added, taken out and asked", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(30), fc.constantFrom("add", "add", "add", "first", "last", "sift")), {
          maxLength: 200,
        }),
        fc.integer({ min: 1, max: 40 }),
        (acts, copies) => {
          const list = new RankedList<Item>(compare);
          let array: Item[] = [];
          let id = 0;
          for (const [value, act] of acts) {
            if (act === "first") {
              list.removeFirst();
              array.shift();
            } else if (act === "last") {
              list.removeLast();
              array.pop();
            } else if (act === "sift") {
              const isKept = (item: Item): boolean => item.id % 7 !== value % 7;
              array = array.filter(isKept);
              expect([...list.kept(isKept)]).toEqual(array);
            } else {
              // Some blocks are needed, and equal values.
              for (let copy = 0; copy < copies; copy++) {
                const item = { value, id: id++ };
                list.add(item);
                array.push(item);
              }
              array.sort(compare);
            }
            const asked = { value, id: Math.floor(id / 2) };
            const before = array.filter((item) => compare(item, asked) < 0);
            expect(list.length).toBe(array.length);
            expect(list.first).toBe(array[0]);
            expect(list.last).toBe(array.at(-1));
            expect(list.before(asked)).toBe(before.length);
            expect(list.lastBefore(asked)).toBe(before.at(-1));
          }
          expect([...list.kept(() => true)]).toEqual(array);
        },
      ),
    );
  });

  it("walks no further than it is asked", () => {
    const list = new RankedList<Item>(compare);
    for (let id = 0; id < 5000; id++) list.add({ value: id % 100, id });
    let looked = 0;
    for (const item of list.kept(({ value }) => ++looked > 0 && value > 0)) if (item.value === 1) break;
    expect(looked).toBe(51);
    expect(list.length).toBe(4950);
  });
});

describe("values at rungs", () => {
  const RUNGS = [1, 3];
  const outcome = fc.record({
    trial: fc.nat(12),
    steps: fc.array(fc.nat(5), { maxLength: 4 }),
    kind: fc.constantFrom("completed", "stopped", "failed"),
    budget: fc.constantFrom(1, 3, 9),
    value: fc.nat(6),
  });

  it("rank as a walk over all outcomes does, also for those who know of fewer", () => {
    fc.assert(
      fc.property(
        fc.array(outcome, { maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(40), fc.nat(1), fc.nat(12), fc.nat(6)), { maxLength: 20 }),
        (told, asked) => {
          const outcomes = told.map(({ trial, steps, kind, budget, value }): Outcome => {
            const curve = steps
              .toSorted((a, b) => a - b)
              .map((step, index) => ({ step, metrics: { loss: value + index } }));
            return { trial, run: 0, params: {}, budget, kind, value, curve, saved: false };
          });
          const values = new RungValues(RUNGS, "loss", (a, b) => a - b);
          for (const [count, rung, trial, value] of asked) {
            const known = outcomes.slice(0, count);
            const others = naive(known, RUNGS[rung] as number).filter((each) => each.trial !== trial);
            const better = others.filter((each) => each.value < value).length;
            expect(values.rank(known, rung, trial, value)).toEqual({ rank: better + 1, of: others.length + 1 });
          }
        },
      ),
    );
  });

  /** The first value at a rung of each trial that came there. */
  function naive(outcomes: readonly Outcome[], budget: number): readonly { trial: number; value: number }[] {
    const found = new Map<number, number>();
    for (const { trial, curve, kind, budget: given } of outcomes) {
      const came = (curve.at(-1)?.step ?? 0) >= budget || (kind === "completed" && given >= budget);
      const value = curve.findLast(({ step }) => step <= budget)?.metrics["loss"];
      if (came && value !== undefined && !found.has(trial)) found.set(trial, value);
    }
    return [...found].map(([trial, value]) => ({ trial, value }));
  }
});
