import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SAMPLERS } from "../../src/samplers/registry.ts";
import { firstDifference, type SampledStudies, sampledStudies } from "./sampler-study.ts";

const folder = fileURLToPath(new URL("./samplers", import.meta.url));
const UPDATE = "UPDATE_GOLDEN=1 npx vitest run test/golden/samplers.test.ts";

describe.each(Object.keys(SAMPLERS))("the golden study of the sampler %s", (name) => {
  it("is what it suggests, to the last digit", async () => {
    const file = `${folder}/${name}.json`;
    const sampled = await sampledStudies(name);
    if (process.env["UPDATE_GOLDEN"] !== undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, encode(sampled));
    }
    if (!existsSync(file)) expect.fail(`test/golden/samplers/${name}.json is not there; write it with ${UPDATE}`);
    const difference = firstDifference(JSON.parse(readFileSync(file, "utf8")) as SampledStudies, sampled);
    if (difference !== undefined)
      expect.fail(
        `${difference}\nWhere that is meant (CONTRIBUTING.md says when it may be), write it anew with ${UPDATE}`,
      );
  });
});

it("the first difference of two results is named by its study and trial, with both configurations", () => {
  const studies = { floats: [{ x: 0.1 }, { x: 0.2 }], finite: [{ n: 1 }, { n: 2 }] };
  expect(firstDifference(studies, studies)).toBeUndefined();
  const edited = { ...studies, finite: [{ n: 1 }, { n: 2.0000000000000004 }] };
  expect(firstDifference(studies, edited)).toBe('study "finite", trial 1: was {"n":2}, is {"n":2.0000000000000004}');
  expect(firstDifference({ ...studies, floats: [{ x: 0.1 }] }, studies)).toBe(
    'study "floats", trial 1: was undefined, is {"x":0.2}',
  );
  expect(firstDifference(studies, { floats: studies.floats })).toBe('study "finite" is no more');
});

it("has a golden study of no sampler that is none", () => {
  expect(readdirSync(folder).filter((file) => !Object.hasOwn(SAMPLERS, file.replace(/\.json$/, "")))).toEqual([]);
});

/** A line for each trial: a change is then for a reviewer to see. */
function encode(sampled: SampledStudies): string {
  const studies = Object.entries(sampled).map(
    ([name, trials]) =>
      `  ${JSON.stringify(name)}: [\n${trials.map((params) => `    ${JSON.stringify(params)}`).join(",\n")}\n  ]`,
  );
  return `{\n${studies.join(",\n")}\n}\n`;
}
