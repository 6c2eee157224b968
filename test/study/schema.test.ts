import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SAMPLER_WORDS, SCHEDULER_WORDS, STRATEGY_WORDS } from "../../src/study/strategies.ts";
import { withWords } from "../../scripts/generate-schema.mjs";

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

describe("space.schema.json, which editors read", () => {
  it("is the spec's schema with the words that the registries know", () => {
    const words = { strategies: STRATEGY_WORDS, samplers: SAMPLER_WORDS, schedulers: SCHEDULER_WORDS };
    expect(read("../../space.schema.json")).toEqual(withWords(read("../../src/space/spec.schema.json"), words));
  });
});
