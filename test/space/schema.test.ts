import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { checkSpec } from "../../src/space/check-spec.ts";
import { GOALS } from "../../src/space/spec.ts";
import { COMMAND, EXAMPLE } from "./example.ts";

type Schema = Readonly<Record<string, unknown>>;
interface Words {
  readonly strategies: readonly string[];
  readonly samplers: readonly string[];
  readonly schedulers: readonly string[];
}

const schema = JSON.parse(readFileSync(new URL("../../src/space/spec.schema.json", import.meta.url), "utf8")) as Schema;
const { withWords } = (await import(new URL("../../scripts/generate-schema.mjs", import.meta.url).href)) as {
  withWords: (schema: Schema, words: Words) => Schema;
};

/** What an editor makes of the schema: it knows nothing of `discriminator` and the like. */
const accepts = (words: Words): ((document: unknown) => boolean) =>
  new Ajv({ strict: false }).compile(withWords(schema, words)) as (document: unknown) => boolean;
const NO_WORDS: Words = { strategies: [], samplers: [], schedulers: [] };

describe("the spec's schema", () => {
  const { name, metric, parameters } = EXAMPLE;

  it("accepts the documented examples", () => {
    const documents = [
      EXAMPLE,
      { ...EXAMPLE, objective: COMMAND },
      { ...EXAMPLE, strategy: { sampler: "gp", scheduler: { name: "full", any: 1 } } },
      { name, metric, parameters },
    ];
    for (const document of documents) {
      expect(checkSpec(document)).toEqual([]);
      expect(accepts(NO_WORDS)(document)).toBe(true);
    }
  });

  it("knows the same goals as the type", () => {
    expect(schema).toMatchObject({ properties: { metric: { properties: { goal: { enum: GOALS } } } } });
  });

  it("refuses unknown keys and explains the known ones, wherever it lists keys", () => {
    const undocumented: string[] = [];
    const look = (part: unknown, path: string): void => {
      if (typeof part !== "object" || part === null) return;
      const { properties, additionalProperties } = part as Schema;
      if (typeof properties === "object" && properties !== null && path !== "/properties") {
        if (additionalProperties === undefined) undocumented.push(`${path}: additionalProperties`);
        for (const [key, value] of Object.entries(properties)) {
          const { title, description, $ref } = value as Schema;
          const isExplained = typeof title === "string" && typeof description === "string";
          if (!isExplained && $ref === undefined) undocumented.push(`${path}/${key}`);
        }
      }
      for (const [key, value] of Object.entries(part)) look(value, `${path}/${key}`);
    };
    look(schema, "");
    expect(undocumented).toEqual([]);
  });

  it("takes the words of strategies, samplers and schedulers from the engine", () => {
    const check = accepts({ strategies: ["hyperband"], samplers: ["random"], schedulers: ["full"] });
    const withStrategy = (strategy: unknown): boolean => check({ name, metric, parameters, strategy });
    expect(withStrategy("hyperband")).toBe(true);
    expect(withStrategy("hyperbnd")).toBe(false);
    expect(withStrategy({ sampler: "random", scheduler: { name: "full", rungs: 3 } })).toBe(true);
    expect(withStrategy({ sampler: "full", scheduler: "full" })).toBe(false);
    expect(withStrategy({ sampler: "random", scheduler: { name: "random" } })).toBe(false);
  });
});

describe("the compiled validator", () => {
  it("loads nothing else, so that starting the program stays fast", () => {
    const code = readFileSync(new URL("../../src/space/spec-validator.generated.js", import.meta.url), "utf8");
    expect(code).not.toMatch(/\bimport\s*[({"'*]|\bfrom\s*["']/);
    expect(code.replaceAll(/\.code=(?:'[^']*'|"[^"]*")/g, "")).not.toMatch(/\brequire\(/);
  });
});
