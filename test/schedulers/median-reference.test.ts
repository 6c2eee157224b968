import fc from "fast-check";
import { quantile } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { History } from "../../src/history/history.ts";
import type { HistoryView, Outcome, ReportView, RunView } from "../../src/history/view.ts";
import { createPercentileScheduler } from "../../src/schedulers/percentile.ts";
import { Peers } from "../../src/schedulers/peers.ts";
import type { DecideTask, Verdict } from "../../src/schedulers/scheduler.ts";
import { resolveSpec } from "../../src/study/resolve.ts";

/** The median rule as its definition reads, with everything computed anew for each report, beside the rule that remembers. */

interface Rules {
  readonly percentile: number;
  readonly startup: number;
  readonly warmup: number;
}

function bestBy(curve: readonly ReportView[], step: number, study: DecideTask["study"]): number | undefined {
  let best: number | undefined;
  for (const { step: at, metrics } of curve) {
    const { loss } = metrics;
    if (at <= step && loss !== undefined && (best === undefined || study.compare(loss, best) < 0)) best = loss;
  }
  return best;
}

function decidePlainly({ run, curve, outcomes, study }: DecideTask, { percentile, startup, warmup }: Rules): Verdict {
  const step = curve.at(-1)?.step ?? 0;
  if (step <= warmup || (study.settings.budget !== null && step >= run.budget)) return { kind: "continue" };
  const best = bestBy(curve, step, study);
  const peers = outcomes
    .filter(({ kind }) => kind === "completed")
    .map((outcome) => bestBy(outcome.curve, step, study))
    .filter((value) => value !== undefined);
  if (best === undefined || peers.length < startup) return { kind: "continue" };
  const threshold = quantile(
    peers,
    study.settings.metric.goal === "minimize" ? percentile / 100 : 1 - percentile / 100,
  );
  if (study.compare(best, threshold) <= 0) return { kind: "continue" };
  const limit = percentile === 50 ? "the median" : `the limit of the best ${percentile}%`;
  return {
    kind: "stop",
    reason: `stopped at step ${step}: its best loss by then, ${best}, is worse than ${threshold}, ${limit} of ${peers.length} completed trials`,
  };
}

function createStudy(goal: "minimize" | "maximize"): HistoryView {
  const history = new History();
  const settings = resolveSpec(
    {
      name: "test",
      metric: { name: "loss", goal },
      parameters: { x: { type: "float", low: 0, high: 1 } },
      strategy: "random",
      budget: { max: 12 },
      seed: 1,
    },
    { subject: "the test's spec", specFolder: "/", studyFolder: null, objective: "function" },
  );
  history.apply({ type: "study-created", version: 1, engine: "0", settings, seq: 0, at: 0 });
  return history;
}

// Equal values too, and the odd report that does not tell the metric.
const value = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.constant(undefined),
);
const curves: fc.Arbitrary<readonly ReportView[]> = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 14 }), value), { selector: ([step]) => step, maxLength: 14 })
  .map((told) =>
    told
      .toSorted(([a], [b]) => a - b)
      .map(([step, loss]) => ({ step, metrics: loss === undefined ? { other: 1 } : { loss } })),
  );
const outcomes: fc.Arbitrary<readonly Outcome[]> = fc.array(
  fc.record({
    trial: fc.nat(99),
    run: fc.nat(99),
    saved: fc.constant(false),
    params: fc.constant({}),
    budget: fc.constant(12),
    kind: fc.constantFrom("completed" as const, "completed" as const, "stopped" as const, "failed" as const),
    value: fc.constant(undefined),
    curve: curves,
  }),
  { minLength: 1, maxLength: 30 },
);
const rules: fc.Arbitrary<Rules> = fc.record({
  percentile: fc.oneof(fc.constantFrom(0, 25, 50, 75, 100), fc.double({ min: 0, max: 100, noNaN: true })),
  startup: fc.integer({ min: 1, max: 6 }),
  warmup: fc.integer({ min: 0, max: 3 }),
});
const run = { budget: 12 } as RunView;

describe("what the median rule remembers", () => {
  it("changes no verdict and no reason, whichever ends each decision may know of, and in whatever order", () => {
    const verdicts = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom("minimize" as const, "maximize" as const),
        rules,
        outcomes,
        fc.array(fc.tuple(curves, fc.nat(30)), { minLength: 1, maxLength: 40 }),
        (goal, given, ends, decisions) => {
          const study = createStudy(goal);
          const scheduler = createPercentileScheduler({ ...given });
          for (const [curve, knows] of decisions) {
            const task = { run, curve, outcomes: ends.slice(0, knows), study };
            const verdict = scheduler.decide(task);
            expect(verdict).toEqual(decidePlainly(task, given));
            verdicts.add(verdict.kind);
          }
        },
      ),
      { numRuns: 500 },
    );
    expect([...verdicts].sort()).toEqual(["continue", "stop"]);
  });

  it("is right again for other ends than those it knew", () => {
    const given = { percentile: 50, startup: 1, warmup: 0 };
    fc.assert(
      fc.property(outcomes, outcomes, curves, (first, second, curve) => {
        const study = createStudy("minimize");
        const scheduler = createPercentileScheduler(given);
        for (const ends of [first, second, first]) {
          const task = { run, curve, outcomes: ends, study };
          expect(scheduler.decide(task)).toEqual(decidePlainly(task, given));
        }
      }),
    );
  });

  it("may be forgotten", () => {
    fc.assert(
      fc.property(
        outcomes,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 14 }), fc.nat(30)), { maxLength: 40 }),
        (ends, asked) => {
          const study = createStudy("minimize");
          const forgetful = new Peers(study, 20);
          for (const [step, knows] of asked) {
            const known = ends.slice(0, knows);
            const plain = known
              .filter(({ kind }) => kind === "completed")
              .map(({ curve }) => bestBy(curve, step, study))
              .filter((each) => each !== undefined);
            const expected = plain.length === 0 ? undefined : { value: quantile(plain, 0.3), of: plain.length };
            expect(forgetful.quantile(known, step, 0.3, 1)).toEqual(expected);
          }
        },
      ),
    );
  });

  it("spares it a second look at each end", () => {
    const study = createStudy("minimize");
    const scheduler = createPercentileScheduler({ percentile: 50, startup: 5, warmup: 0 });
    const curve = Array.from({ length: 10 }, (_, index) => ({ step: index + 1, metrics: { loss: 1 / (index + 1) } }));
    const outcome = {
      trial: 0,
      run: 0,
      params: {},
      budget: 12,
      saved: false,
      kind: "completed" as const,
      value: 0.1,
      curve,
    };
    const ends: Outcome[] = [];
    let looks = 0;
    const counted = new Proxy(ends, {
      get: (target, key): unknown => {
        if (typeof key === "string" && /^\d+$/.test(key)) looks++;
        return Reflect.get(target, key);
      },
    });
    for (let trial = 0; trial < 200; trial++) {
      for (let step = 1; step <= 10; step++)
        scheduler.decide({ run, curve: curve.slice(0, step), outcomes: counted, study });
      ends.push({ ...outcome, trial, run: trial });
    }
    // Two for each end, and one for each decision, which looks whether the ends are still the same.
    expect(looks).toBeLessThanOrEqual(2 * 200 + 200 * 10);
  });
});
