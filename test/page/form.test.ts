import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillFields, readForm } from "../../page/form/read-form.ts";
import { madeStudy, SPACE } from "./charts/made-study.ts";

const { trials } = madeStudy({ trials: 80 });

describe("the form of a configuration", () => {
  it("gives back the configuration that it was filled with", () => {
    fc.assert(
      fc.property(fc.constantFrom(...trials), ({ params }) => {
        const { params: read, problems, active } = readForm(SPACE, fillFields(SPACE, params));
        expect(problems).toEqual({});
        expect(read).toEqual(params);
        expect([...active].sort()).toEqual(Object.keys(params).sort());
      }),
    );
  });

  it("shows a conditional parameter when its parent takes the value, and asks for it", () => {
    const fields = fillFields(SPACE, { optimizer: "adam", learningRate: 0.1, layers: 2, dropout: 0.1, batchSize: 32 });
    expect(readForm(SPACE, fields).active.has("momentum")).toBe(false);
    const momentum = readForm(SPACE, { ...fields, optimizer: "1" });
    expect(momentum.active.has("momentum")).toBe(true);
    expect(Object.keys(momentum.problems)).toEqual(["momentum"]);
    expect(readForm(SPACE, { ...fields, optimizer: "1", momentum: "0.9" }).params).toEqual({
      learningRate: 0.1,
      layers: 2,
      dropout: 0.1,
      batchSize: 32,
      optimizer: "momentum",
      momentum: 0.9,
      nesterov: true,
    });
  });

  it.each([
    ["layers", "2.5", "an integer"],
    ["layers", "9", "1 to 4"],
    ["learningRate", "fast", '"fast"'],
    ["dropout", "", "nothing"],
  ])("says in words what is wrong with %s %j", (name, text, words) => {
    const filled = fillFields(SPACE, { optimizer: "adam", learningRate: 0.1, layers: 2, dropout: 0.1, batchSize: 32 });
    const { problems } = readForm(SPACE, { ...filled, [name]: text });
    expect(Object.keys(problems)).toEqual([name]);
    expect(problems[name]).toContain(words);
  });
});
