import fc from "fast-check";
import { expect, it } from "vitest";
import { ReportLog } from "../../src/history/report-log.ts";
import type { ReportView } from "../../src/history/view.ts";
import { BestSoFar } from "../../src/schedulers/best-so-far.ts";
import type { DecideTask } from "../../src/schedulers/scheduler.ts";

const study = (goal: "minimize" | "maximize", count = { compared: 0 }): DecideTask["study"] =>
  ({
    settings: { metric: { name: "loss", goal } },
    compare: (a: number, b: number) => (count.compared++, goal === "maximize" ? b - a : a - b),
  }) as unknown as DecideTask["study"];

it("finds the best as a walk over the whole curve does, whatever joins the curve", () => {
  const act = fc.tuple(fc.nat(30), fc.option(fc.nat(9)), fc.nat(35), fc.boolean());
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), fc.constantFrom("minimize", "maximize"), (acts, goal) => {
      const log = new ReportLog();
      const bests = new BestSoFar();
      const sign = goal === "maximize" ? -1 : 1;
      for (const [step, value, asked, cuts] of acts) {
        if (cuts) log.cut(step);
        else log.add(step, value === null ? { other: 1 } : { loss: value });
        const values = log.all.flatMap((each) => (each.step <= asked ? (each.metrics["loss"] ?? []) : []));
        const best = values.length === 0 ? undefined : sign * Math.min(...values.map((each) => sign * each));
        expect(bests.by(log.all, study(goal), asked)).toBe(best);
      }
    }),
  );
});

it("looks at each report once", () => {
  const log = new ReportLog();
  const bests = new BestSoFar();
  const count = { compared: 0 };
  for (let step = 1; step <= 2000; step++) {
    log.add(step, { loss: 1 / step });
    bests.by(log.all, study("minimize", count), step - 10);
    bests.by(log.all, study("minimize", count), step - 10);
  }
  expect(count.compared).toBeLessThan(2000);
});

it("keeps what it was given: a report in between makes another list", () => {
  const log = new ReportLog();
  log.add(1, { loss: 1 });
  log.add(5, { loss: 2 });
  const before: readonly ReportView[] = log.all;
  log.add(6, { loss: 2 });
  log.add(6, { loss: 3 });
  expect(log.all).toBe(before);
  log.add(3, { loss: 0 });
  expect(log.all).not.toBe(before);
});
