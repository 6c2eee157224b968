import * as fc from "fast-check";
import stringWidth from "string-width";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { frame } from "../../src/cli/live/frame.ts";
import type { LiveModel, SlotModel } from "../../src/cli/live/model.ts";
import { coloured, plain } from "../../src/cli/paint.ts";
import { HAPPENINGS } from "../../src/cli/text/narrate.ts";

/** The live view's layout: a model and a size in, lines out. */

const MODEL: LiveModel = {
  name: "digits",
  strategy: "hyperband",
  goal: "minimize loss",
  metric: "loss",
  elapsed: 83_000,
  interrupting: [],
  best: {
    value: "0.0412",
    trial: 17,
    after: " after 27 epochs",
    params: [
      ["learningRate", "0.003162"],
      ["layers", "2"],
      ["initialisation", "glorotUniform"],
      ["batchSize", "32"],
      ["units", "64"],
    ],
  },
  trend: [2.3, 1.1, 0.5, 0.2, 0.0412],
  slots: [
    { slot: "cpu-0", run: run(23, 5, 9, 0.1234) },
    { slot: "cpu-1", run: undefined },
  ],
  recent: [
    { kind: "ended", who: "trial 21", text: "loss 0.0812 after 9 epochs" },
    { kind: "promoted", who: "trial 17", text: "promoted to 27 epochs: rank 1 of 3 after 9 epochs with 0.0812" },
    { kind: "failed", who: "trial 22", text: "Error: diverged" },
  ],
  stops: [],
  saved: undefined,
  foot: "Ctrl-C interrupts; the study can be resumed",
  trials: 24,
  planned: 49,
  counts: { waiting: 0, running: 1, paused: 3, complete: 5, pruned: 14, failed: 1 },
  timeLeft: "about 2m left",
};

function run(
  trial: number,
  step: number,
  budget: number | null,
  value?: number,
  best = value,
): NonNullable<SlotModel["run"]> {
  return { trial, step, budget, unit: "epochs", value, best, elapsed: 12_000, stopping: false };
}

test("a frame of 80 by 24", () => {
  expect(frame(MODEL, { width: 80, height: 23 }, plain)).toEqual([
    "digits  hyperband · minimize loss                   running 1:23 · about 2m left",
    "",
    "best   loss 0.0412  trial 17 after 27 epochs",
    "       learningRate 0.003162   layers 2   initialisation glorotUniform",
    "       batchSize 32   units 64",
    "trend  █▇▅▄▁  2.3 → 0.0412 in 5 runs",
    "",
    "cpu-0  trial 23  ━━━━━━━━━━━━━━━━━━──────────────  5/9 epochs  loss 0.1234  0:12",
    "cpu-1  waits for a run to end",
    "",
    "✓ trial 21 ended: loss 0.0812 after 9 epochs",
    "↑ trial 17 promoted to 27 epochs: rank 1 of 3 after 9 epochs with 0.0812",
    "✗ trial 22 failed: Error: diverged",
    "",
    "24 of 49 trials · 1 running · 3 paused · 5 complete · 14 pruned · 1 failed",
    "Ctrl-C interrupts; the study can be resumed",
  ]);
});

test("a small terminal keeps what matters most", () => {
  const lines = frame(MODEL, { width: 40, height: 9 }, plain);
  expect(lines).toEqual([
    "digits      running 1:23 · about 2m left",
    "best   loss 0.0412  trial 17 after 27 e…",
    "       learningRate 0.003162   layers 2…",
    "trend  █▇▅▄▁  2.3 → 0.0412 in 5 runs",
    "cpu-0  trial 23  5/9 epochs  loss 0.123…",
    "cpu-1  waits for a run to end",
    "✗ trial 22 failed: Error: diverged",
    "24 of 49 trials · 1 running · 3 paused …",
    "Ctrl-C interrupts; the study can be…",
  ]);
});

test("many slots leave room for what happened", () => {
  const slots = Array.from({ length: 40 }, (_, index) => ({ slot: `cpu-${index}`, run: run(index, 1, 9) }));
  const lines = frame({ ...MODEL, slots }, { width: 80, height: 23 }, plain);
  expect(lines).toHaveLength(23);
  expect(lines).toContain("… and 32 more slots");
  expect(lines).toContain("✗ trial 22 failed: Error: diverged");
});

test("a study without budgets or results has no bar, no trend and no best", () => {
  const slots = [
    { slot: "cpu-0", run: run(0, 12, null) },
    { slot: "cpu-1", run: run(1, 0, null) },
  ];
  const fresh = { ...MODEL, slots, best: undefined, trend: [], recent: [], planned: null, timeLeft: undefined };
  const lines = frame(fresh, { width: 80, height: 23 }, plain);
  expect(lines).toContain("best   no run has ended yet");
  expect(lines).toContain("cpu-0  trial 0  step 12    0:12");
  expect(lines.join()).not.toMatch(/trend|─|left/);
});

test("the first Ctrl-C is told at the foot, with the way to go on", () => {
  const lines = frame(
    { ...MODEL, interrupting: ["interrupting: …", "go on later with: …"] },
    { width: 80, height: 23 },
    plain,
  );
  expect(lines.slice(-2)).toEqual(["interrupting: …", "go on later with: …"]);
  expect(lines[0]).toContain("interrupting 1:23");
});

describe("whatever it shows", () => {
  // Wide, combining and control-free text as parameters and reasons may hold it.
  const text = fc.string({ unit: fc.constantFrom("a", "Z", " ", "9", "é", "漢", "🙂", "e\u0301", "—"), maxLength: 60 });
  const model = fc.record({
    name: text,
    params: fc.array(fc.tuple(text, text), { maxLength: 12 }),
    trend: fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 200 }),
    slots: fc.array(
      fc.record({ step: fc.nat(1000), budget: fc.option(fc.integer({ min: 1, max: 1000 })), busy: fc.boolean() }),
      { maxLength: 40 },
    ),
    recent: fc.array(fc.record({ kind: fc.constantFrom(...HAPPENINGS), who: text, text }), { maxLength: 12 }),
    stops: fc.array(fc.record({ kind: fc.constant("stopped" as const), who: text, text }), { maxLength: 3 }),
    words: fc.record({
      metric: text,
      timeLeft: fc.option(text, { nil: undefined }),
      saved: fc.option(text, { nil: undefined }),
      foot: text,
    }),
    interrupting: fc.array(text, { maxLength: 2 }),
  });
  const size = fc.record({ width: fc.integer({ min: 1, max: 200 }), height: fc.integer({ min: 0, max: 60 }) });

  test("no line is wider, no frame is higher than the terminal", () => {
    fc.assert(
      fc.property(
        model,
        size,
        ({ name, params, trend, slots, recent, stops, words, interrupting }, { width, height }) => {
          const whole: LiveModel = {
            ...MODEL,
            name,
            best: { value: "1", trial: 1, after: "", params },
            trend,
            slots: slots.map(({ step, budget, busy }, index) => ({
              slot: `cpu-${index}`,
              run: busy ? run(index, step, budget, step, index) : undefined,
            })),
            recent,
            stops,
            ...words,
            interrupting,
          };
          const lines = frame(whole, { width, height }, coloured);
          expect(lines.length).toBeLessThanOrEqual(height);
          for (const line of lines) {
            expect(line).not.toContain("\n");
            expect(stringWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(width);
          }
          expect(lines.map(stripVTControlCharacters).map((line) => line.trimEnd())).toEqual(
            frame(whole, { width, height }, plain).map((line) => line.trimEnd()),
          );
        },
      ),
    );
  });
});

test("stops have lines of their own, whole words, and are not told twice", () => {
  const text = "stopped at step 26: loss is foretold to end at 0.5611 ± 0.091, a chance of 0.79 % to beat 0.1115";
  const stop = { kind: "stopped", who: "trial 5", text } as const;
  const saved = "stopped 1 run early, which saved 15 of 165 steps (9 %)";
  const slots = [{ slot: "cpu-0", run: run(23, 5, 9, 0.1234, 0.1) }];
  const lines = frame({ ...MODEL, slots, recent: [stop], stops: [stop], saved }, { width: 80, height: 24 }, plain);
  expect(lines.slice(7)).toEqual([
    "cpu-0  trial 23  ━━━━━━━━━━━━──────────  5/9 epochs  loss 0.1234  best 0.1  0:12",
    "",
    "stops  trial 5 stopped at step 26: loss is foretold to end at 0.5611 ± 0.091, a…",
    "",
    "24 of 49 trials · 1 running · 3 paused · 5 complete · 14 pruned · 1 failed",
    "saved  stopped 1 run early, which saved 15 of 165 steps (9 %)",
    "Ctrl-C interrupts; the study can be resumed",
  ]);
  const small = frame({ ...MODEL, recent: [stop], stops: [stop], saved }, { width: 50, height: 12 }, plain);
  expect(small).toContain("■ trial 5 stopped at step 26: loss is foretold to…");
});

test("the time left takes the place of the goal, not of the study's name", () => {
  const [head] = frame({ ...MODEL, timeLeft: "20s to 3m left" }, { width: 50, height: 20 }, plain);
  expect(head).toBe("digits  hyperband    running 1:23 · 20s to 3m left");
});
