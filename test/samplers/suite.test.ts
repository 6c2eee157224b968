import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { History } from "../../src/history/history.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { SAMPLERS } from "../../src/samplers/registry.ts";
import type { Suggestion } from "../../src/samplers/sampler.ts";
import { checkParams } from "../../src/space/check-params.ts";
import { configurationKey } from "../../src/space/configurations.ts";
import { checkSpec } from "../../src/space/check-spec.ts";
import type { Parameters } from "../../src/space/parameter.ts";
import { createSpace } from "../../src/space/space.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { createStrategy } from "../../src/study/strategy.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { spaces } from "../support/spaces.ts";
import type { RunOrder } from "../../src/workers/dispatcher.ts";
import { runVirtual } from "../support/virtual-study.ts";

/** A study of any space before its first trial. */
const historyOf = (name: string, some: Parameters, seed: string): History => {
  const spec = { name: "test", metric: { name: "loss", goal: "minimize" as const }, parameters: some, seed };
  expect(checkSpec(spec)).toEqual([]);
  const settings = resolveSpec(
    { ...spec, strategy: { sampler: name, scheduler: "full" } },
    { subject: "the test's spec", specFolder: "/", studyFolder: null, objective: "function" },
  );
  const history = new History();
  history.apply({ seq: 0, at: 0, type: "study-created", version: 1, engine: "test", settings });
  return history;
};

const folder = mkdtempSync(join(tmpdir(), "hpo-samplers-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `verify` says of a journal with these events. */
const verdict = (events: readonly Recorded[]): string => {
  const file = join(folder, "journal.jsonl");
  writeFileSync(file, events.map((event) => `${encodeLine(event)}\n`).join(""));
  const result = verifyStudy(file);
  return result.kind === "verified" ? result.kind : result.message;
};

/** What every sampler must hold to, whoever wrote it. */
function samplerSuite(name: string): void {
  const suggest = (some: Parameters, trial: number, seed: string): Suggestion => {
    const history = historyOf(name, some, seed);
    const { sampler } = createStrategy(history.settings);
    return sampler.suggest(structuredClone(sampler.task(history, trial)));
  };

  describe(`the sampler "${name}"`, () => {
    it("stays inside any space, gives every active parameter and no other, and says why", () => {
      fc.assert(
        fc.property(spaces, fc.nat(), fc.string(), (some, trial, seed) => {
          const suggestion = suggest(some, trial, seed);
          expect(checkParams(createSpace(some), suggestion.params, "")).toEqual([]);
          expect(suggestion.reason).toMatch(/\S/);
          // What the journal gives back is what was tried.
          expect(JSON.parse(JSON.stringify(suggestion.params))).toEqual(suggestion.params);
        }),
        { numRuns: 1000 },
      );
    });

    it("tries every configuration of a finite space once, on any number of slots", async () => {
      const parameters: Parameters = {
        kind: { type: "categorical", choices: ["a", "b", "c"] },
        depth: { type: "int", low: 1, high: 3 },
        rate: { type: "ordinal", values: [0.1, 0.3], when: { kind: ["b"] } },
      };
      for (const slots of [1, 4]) {
        const { history } = await runVirtual({
          spec: {
            name: "test",
            metric: { name: "loss", goal: "minimize" },
            parameters,
            strategy: { sampler: name, scheduler: "full" },
            seed: 1,
          },
          objective: { loss: ({ params }) => Number(params["depth"]) },
          slots,
        });
        const keys = history.trials.map(({ params }) => configurationKey(createSpace(parameters), params));
        expect(keys.length).toBe(12);
        expect(new Set(keys).size).toBe(12);
      }
    });

    it("suggests the same again from the journal alone, on any number of slots, killed or not", async () => {
      const parameters: Parameters = {
        kind: { type: "categorical", choices: ["a", "b", "c"] },
        depth: { type: "int", low: 1, high: 30 },
        rate: { type: "float", low: 1e-4, high: 1, log: true, when: { kind: ["b"] } },
        width: { type: "float", low: -1, high: 1 },
      };
      for (const slots of [1, 4])
        for (const reproducible of [false, true]) {
          const run = {
            spec: {
              name: "test",
              metric: { name: "loss", goal: "maximize" as const },
              parameters,
              strategy: { sampler: name, scheduler: "full" },
              enqueue: [{ kind: "a", depth: 2, width: 0.5 }],
              trial: { retries: 1 },
              stop: { trials: 40 },
              workers: { cpus: slots },
              reproducible,
              seed: 1,
            },
            objective: {
              loss: ({ params, trial }: RunOrder) => (trial % 9 === 5 ? Number.NaN : Math.sin(Number(params["depth"]))),
              duration: ({ trial }: RunOrder) => 1 + ((trial * 7) % 5),
              failure: ({ trial, attempt }: RunOrder) =>
                trial % 6 === 2 && attempt === 1
                  ? { kind: "failed" as const, cause: { kind: "signal" as const, message: "ended by SIGSEGV" } }
                  : undefined,
            },
            slots,
          };
          const killed = await runVirtual({ ...run, killAt: 90 });
          const { events, history } = await runVirtual({ ...run, events: killed.events });
          expect(history.trials.length).toBe(40);
          expect(verdict(events)).toBe("verified");
        }
    });

    it("gives the same suggestion for the same task", () => {
      fc.assert(
        fc.property(spaces, fc.nat(), fc.string(), (some, trial, seed) => {
          expect(suggest(some, trial, seed)).toEqual(suggest(some, trial, seed));
        }),
      );
    });
  });
}

for (const name of Object.keys(SAMPLERS)) samplerSuite(name);
