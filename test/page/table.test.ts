import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnsOf, type Column } from "../../page/table/columns.ts";
import { toCsv, toJson } from "../../page/table/export.ts";
import { filterRows, type Filter } from "../../page/table/filter.ts";
import { sortRows } from "../../page/table/sort.ts";
import type { TrialRow } from "../../src/views/payload.ts";
import { madeStudy } from "./charts/made-study.ts";

const { head, trials } = madeStudy({ trials: 60, failing: (number) => number % 7 === 3 });
const columns = columnsOf(head);
const column = (id: string): Column => columns.find((each) => each.id === id) as Column;
const numbers = (rows: readonly TrialRow[]): number[] => rows.map(({ number }) => number);
const all: Filter = { text: "", states: new Set(), selection: undefined };
const filter = (change: Partial<Filter>): readonly TrialRow[] => filterRows(trials, columns, { ...all, ...change });

describe("the order of trials", () => {
  it("is that of the column, with trials without a value last either way", () => {
    const picks = fc.constantFrom(...columns.map(({ id }) => id));
    fc.assert(
      fc.property(picks, fc.boolean(), fc.shuffledSubarray([...trials], { minLength: 2 }), (id, descending, rows) => {
        const { of, rank } = column(id);
        const keys = sortRows(rows, column(id), descending).map(rank ?? of);
        const known = keys.filter((key) => key !== undefined);
        expect(keys.slice(known.length).every((key) => key === undefined)).toBe(true);
        for (const [index, key] of known.slice(1).entries()) {
          const before = known[index] as typeof key;
          if (typeof key !== "number" || typeof before !== "number") continue;
          expect(descending ? before >= key : before <= key).toBe(true);
        }
        expect(known.length + keys.slice(known.length).length).toBe(rows.length);
      }),
    );
  });

  it("keeps equal trials in the order of their numbers", () => {
    const sorted = sortRows(trials.toReversed(), column("optimizer"), true);
    for (const word of ["sgd", "momentum", "adam"]) {
      const same = numbers(sorted.filter(({ params }) => params["optimizer"] === word));
      expect(same).toEqual(same.toSorted((a, b) => a - b));
    }
    expect(sorted[0]?.params["optimizer"]).toBe("sgd");
  });

  it("of states is that of a trial's life", () => {
    const states = sortRows(trials, column("state"), false).map(({ state }) => state);
    expect([...new Set(states)]).toEqual(
      ["paused", "complete", "pruned", "failed"].filter((s) => states.includes(s as never)),
    );
  });
});

describe("the filter", () => {
  it("lets all through when it says nothing", () => {
    expect(filter({ text: "  " })).toBe(trials);
  });

  it.each<[string, (row: TrialRow) => boolean]>([
    ["failed", ({ state }) => state === "failed"],
    ["optimizer=adam", ({ params }) => params["optimizer"] === "adam"],
    ["OPTIMIZER!=adam", ({ params }) => params["optimizer"] !== "adam"],
    ["learningRate<0.01", ({ params }) => (params["learningRate"] as number) < 0.01],
    ["loss<=0.4", ({ value }) => value !== null && value <= 0.4],
    ["value>0.4 batchSize=32", ({ value, params }) => value !== null && value > 0.4 && params["batchSize"] === 32],
    ["momentum>=0.7", ({ params }) => ((params["momentum"] as number | undefined) ?? 0) >= 0.7],
    ["momentum!=0.9", ({ params }) => params["momentum"] !== undefined && params["momentum"] !== 0.9],
    ["nesterov=true", ({ params }) => params["nesterov"] === true],
    ["optimizer<3", () => false],
  ])("%s", (text, expected) => {
    expect(numbers(filter({ text }))).toEqual(numbers(trials.filter(expected)));
  });

  it("takes any of the states, and of what is selected only what is", () => {
    const some = filter({ states: new Set(["failed", "complete"]), selection: new Set([3, 4, 5, 10]) });
    const expected = trials.filter(
      ({ number, state }) => [3, 4, 5, 10].includes(number) && (state === "failed" || state === "complete"),
    );
    expect(some).toEqual(expected);
  });

  it("never fails on what was typed", () => {
    fc.assert(fc.property(fc.string(), (text) => filter({ text }).length <= trials.length));
  });
});

describe("files of the table", () => {
  it("hold all digits, quote what needs it, and leave empty what is not there", () => {
    const row = { ...(trials[0] as TrialRow), value: 0.1 + 0.2, reason: 'dropped, "late"\nand more', cause: null };
    const csv = toCsv([row], ["number", "value", "reason", "cause"].map(column));
    expect(csv).toBe('number,value,reason,cause\r\n0,0.30000000000000004,"dropped, ""late""\nand more",\r\n');
    expect(JSON.parse(toJson([row], ["number", "value", "cause"].map(column)))).toEqual([
      { number: 0, value: 0.30000000000000004, cause: null },
    ]);
  });

  it.each(["two\nlines", "a, b", 'a "word"', "return\r"])("quote %j alone", (reason) => {
    const csv = toCsv([{ ...(trials[0] as TrialRow), reason }], [column("reason")]);
    expect(csv).toBe(`reason\r\n"${reason.replaceAll('"', '""')}"\r\n`);
  });

  it("tell a parameter from a column of the same name", () => {
    const clash = { ...head, parameters: { value: { type: "float" as const, low: 0, high: 1 } } };
    expect(columnsOf(clash).map(({ id }) => id)).toContain("params.value");
  });
});
