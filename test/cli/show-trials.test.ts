import * as fc from "fast-check";
import stringWidth from "string-width";
import { beforeAll, expect, test } from "vitest";
import { History } from "../../src/history/history.ts";
import { showTrials } from "../../src/cli/text/show-trials.ts";
import { wrappedTable } from "../../src/cli/text/table.ts";
import { runVirtual } from "../support/virtual-study.ts";

/** The trials of `study show`, at any width. */

const history = new History();

beforeAll(async () => {
  const { events } = await runVirtual({
    spec: {
      name: "virtual",
      metric: { name: "loss", goal: "maximize" },
      parameters: { "rate 🙂": { type: "float", low: 0, high: 1 }, 大きさ: { type: "int", low: 1, high: 100 } },
      strategy: "hyperband",
      budget: { min: 1, max: 9, unit: "epochs" },
      stop: { trials: 60 },
      seed: 1,
    },
    objective: { loss: ({ params }, step) => Number(params["rate 🙂"]) - 1 / step },
  });
  for (const event of events) history.apply(event);
});

const numbers = (lines: readonly string[]): readonly number[] =>
  lines.flatMap((line) => (/^\d/.test(line) ? [Number.parseInt(line)] : []));

test("of many trials the best 10 and the last 10 are shown, and how many are left out", () => {
  const lines = showTrials(history, { all: false, width: undefined });
  const shown = numbers(lines.slice(0, -1));
  const values = history.trials.filter(({ completedBudget }) => completedBudget === 9).map(({ value }) => value ?? 0);
  expect(shown).toHaveLength(20);
  expect(shown[0]).toBe(history.best?.number);
  expect(history.trials[shown[0] ?? 0]?.value).toBe(Math.max(...values));
  expect(shown.slice(10)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
  const left = 60 - new Set(shown).size;
  expect(lines.at(-1)).toBe(`${left} of 60 trials are left out; --all shows all of them`);
});

test("--all shows every trial, once", () => {
  const lines = showTrials(history, { all: true, width: undefined });
  expect(numbers(lines)).toEqual(history.trials.map(({ number }) => number));
});

test("at widths from 40 to 200 no line is wider, and no reason is lost", () => {
  const words = (lines: readonly string[]): string => lines.slice(1).join("").replaceAll(/\s/g, "");
  const whole = words(showTrials(history, { all: true, width: undefined }));
  for (let width = 40; width <= 200; width += 5) {
    const lines = showTrials(history, { all: true, width });
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    if (width >= 60)
      expect(words(lines.slice(0, 1).concat(lines.slice(lines.findIndex((line) => line.startsWith("0")))))).toBe(whole);
  }
});

test("no row of a wrapped table is wider than its terminal, whatever is in it", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "é", "漢", "🙂", "—"), maxLength: 50 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, text, text), { maxLength: 6 }),
      fc.integer({ min: 1, max: 200 }),
      (rows, width) => {
        for (const line of wrappedTable(rows, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});
