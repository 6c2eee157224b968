import { describe, expect, it } from "vitest";
import { pictureNames, pictureSvg, pictureTable } from "../../../page/pictures.ts";
import { comparisonPicture } from "../../../page/charts/comparison.ts";
import { svgOf } from "../../../page/charts/svg.ts";
import { csvOf, jsonOf } from "../../../page/charts/table-files.ts";
import { trialCurvePicture } from "../../../page/charts/trial-curve.ts";
import type { Study } from "../../../page/study.ts";
import type { Parameters } from "../../../src/space/parameter.ts";
import type { Importance, TrialDetail } from "../../../src/views/payload.ts";
import { madeStudy } from "./made-study.ts";

const LONG = "the_learning_rate_of_the_second_to_last_layer_before_the_warm_up_has_ended_in_<b>earnest</b>&";

const MANY: Parameters = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`p${String(i)}`, { type: "float", low: 1e-5, high: 1, log: i % 2 === 0 }]),
);

const EDGES: Readonly<Record<string, () => Study>> = {
  "no trials": () => madeStudy({ trials: 0 }),
  "one trial": () => madeStudy({ trials: 1 }),
  "one trial without a budget": () => madeStudy({ trials: 1, rungs: null, reports: 1 }),
  "all failed": () => madeStudy({ trials: 9, failing: () => true }),
  "some failed, with a pause": () => madeStudy({ trials: 60, failing: (number) => number % 5 === 1, pausedMs: 9e5 }),
  "values of 1e300": () => madeStudy({ trials: 40, value: (value, number) => (number % 9 === 0 ? 1e300 : value) }),
  "values as far apart as numbers go": () =>
    madeStudy({ trials: 3, rungs: null, value: (_value, number) => (number % 2 === 0 ? -1.7e308 : 1.7e308) }),
  "negative values": () => madeStudy({ trials: 40, value: (value) => -value }),
  "tiny values": () => madeStudy({ trials: 40, value: (value) => value * 1e-310 }),
  "constant values": () => madeStudy({ trials: 40, value: () => 0.5 }),
  zeros: () => madeStudy({ trials: 40, value: () => 0 }),
  maximise: () => madeStudy({ trials: 60, goal: "maximize", metric: "accuracy" }),
  "no budget": () => madeStudy({ trials: 60, rungs: null }),
  "no parameters": () => madeStudy({ trials: 12, parameters: {} }),
  "one parameter": () => madeStudy({ trials: 12, parameters: { rate: { type: "float", low: 0, high: 1 } } }),
  "none active": () =>
    madeStudy({
      trials: 12,
      parameters: {
        switch: { type: "categorical", choices: [false] },
        first: { type: "float", low: 0, high: 1, when: { switch: [true] } },
        second: { type: "int", low: 1, high: 8, log: true, when: { switch: [true] } },
      },
    }),
  "30 parameters": () => madeStudy({ trials: 30, parameters: MANY, rungs: null }),
  "one choice, null and words": () =>
    madeStudy({
      trials: 30,
      parameters: {
        only: { type: "categorical", choices: ["only"] },
        maybe: { type: "categorical", choices: [null, true, "<script>alert(1)</script>"] },
      },
    }),
  "very long names": () =>
    madeStudy({
      trials: 30,
      metric: LONG,
      parameters: {
        [LONG]: { type: "float", low: 1e-4, high: 0.3, log: true },
        [`${LONG}2`]: { type: "categorical", choices: [LONG, `${LONG}3`] },
      },
    }),
};

const WIDTHS = [
  { width: 1280, theme: "light" },
  { width: 340, theme: "dark" },
] as const;

function importanceOf({ head }: Study): Importance {
  const names = Object.keys(head.parameters);
  const shares = names.map((parameter) => ({ parameter, share: 1 / names.length }));
  return { shares, trials: 30, budget: 27, problem: names.length === 0 ? "No parameter varied." : null, note: null };
}

/** What no picture may say. */
const WRONG = /NaN|undefined|Infinity|\[object/;

describe.each(Object.entries(EDGES))("a study with %s", (_, make) => {
  const study = make();
  const importance = importanceOf(study);

  it.each(pictureNames)("has the picture %s", (id) => {
    for (const size of WIDTHS) {
      const svg = pictureSvg(id, study, importance, size);
      expect(svg).toMatch(/^<svg role="img" [^>]*><title>[^<]+<\/title><desc>/);
      expect(WRONG.exec(svg)?.[0]).toBeUndefined();
      // A name of the user is text, in the words and in the picture.
      expect(svg).not.toMatch(/<b>|<script/);
    }
  });

  it.each(pictureNames)("has the numbers behind %s", (id) => {
    const table = pictureTable(id, study, importance);
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
    expect(csvOf(table)).not.toMatch(WRONG);
    expect((JSON.parse(jsonOf(table)) as unknown[]).length).toBe(table.rows.length);
  });

  it("has the curves of a trial, and stands beside another study", () => {
    for (const { width, theme } of WIDTHS) {
      const pictures = study.trials.slice(0, 3).map((row) => {
        const detail: TrialDetail = {
          number: row.number,
          curves: { loss: row.curve, other: [1, 0.5] },
          story: [],
          logs: [],
          again: "",
        };
        return trialCurvePicture(row, detail, study.head, { theme, width }, { log: true });
      });
      pictures.push(comparisonPicture([study, madeStudy({ trials: 20, seed: 3 })], { theme, width }, { by: "time" }));
      for (const picture of pictures) {
        expect(WRONG.exec(svgOf(picture, { width, height: picture.height, theme }))?.[0]).toBeUndefined();
      }
    }
  });
});

describe("the pictures", () => {
  it("name what there is when asked for another", () => {
    expect(() => pictureSvg("pie", madeStudy({ trials: 1 }), undefined)).toThrow(
      /Expected one of history, curves, .*, got "pie"/,
    );
  });

  it("say why there is no importance", () => {
    const problem = "Fewer than 4 trials have completed.";
    const svg = pictureSvg("importance", madeStudy({ trials: 2 }), {
      shares: [],
      trials: 2,
      budget: 1,
      problem,
      note: null,
    });
    expect(svg).toContain(`<title>${problem}</title>`);
  });

  it("use no font that a machine may not have", () => {
    const svg = pictureNames.map((id) => pictureSvg(id, madeStudy({ trials: 20 }), undefined)).join("");
    const families = [...svg.matchAll(/font-family:([^;"]+)|font:[^;"]*px ([^;"]+)/g)].map(
      (match) => match[1] ?? match[2],
    );
    expect(new Set(families)).toEqual(new Set(["sans-serif"]));
  });

  it("quote what CSV would take for something else", () => {
    expect(
      csvOf({
        columns: ["a", 'b"'],
        rows: [
          ["x,y", null],
          [true, 0.1],
        ],
      }),
    ).toBe('a,"b"""\r\n"x,y",\r\ntrue,0.1\r\n');
  });
});
