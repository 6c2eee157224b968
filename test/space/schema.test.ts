import { describe, expect, it } from "vitest";
import { checkSpec } from "../../src/space/check-spec.ts";
import { COMMAND, EXAMPLE } from "./example.ts";

describe("the documented examples", () => {
  it("are valid", () => {
    expect(checkSpec(EXAMPLE)).toEqual([]);
    expect(checkSpec({ ...EXAMPLE, objective: COMMAND })).toEqual([]);
    const { name, metric, parameters } = EXAMPLE;
    expect(checkSpec({ name, metric, parameters })).toEqual([]);
    expect(
      checkSpec({ name, metric, parameters, strategy: { sampler: "gp", scheduler: { name: "full", x: 1 } } }),
    ).toEqual([]);
  });
});
