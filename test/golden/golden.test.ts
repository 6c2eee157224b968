import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { fold } from "../../src/history/history.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { Decider } from "../../src/study/decider.ts";
import { ENGINE } from "../../src/study/engine.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { goldenEvents } from "./golden-study.ts";

const file = fileURLToPath(new URL(`./journal-${ENGINE}.jsonl`, import.meta.url));

/** `UPDATE_GOLDEN=1 npx vitest run test/golden` writes the journal anew: the change is then for a reviewer to see. */
if (process.env["UPDATE_GOLDEN"] !== undefined || !existsSync(file))
  writeFileSync(file, (await goldenEvents()).map((event) => `${encodeLine(event)}\n`).join(""));

const events: Recorded[] = [];
readJournal(file, (event) => events.push(event));

describe("the golden journal", () => {
  it("is what this version writes, to the last suggested digit", async () => {
    expect(await goldenEvents()).toEqual(events);
  });

  it("opens and comes to the same study", () => {
    const { best, finished, trials } = fold(events);
    expect(best).toMatchObject({ number: 1, budget: 9 });
    expect(finished).toEqual({ reason: "all 17 trials asked for are done", failed: false });
    const count = (state: string): number => trials.filter((trial) => trial.state === state).length;
    expect([count("complete"), count("pruned"), count("failed")]).toEqual([5, 11, 1]);
    expect(trials[3]?.runs.map(({ state }) => state)).toContain("failed");
    expect(trials[5]?.cause).toEqual({ kind: "non-finite", message: "loss was NaN at step 1" });
  });

  it("is verified", () => {
    expect(verifyStudy(file)).toMatchObject({ kind: "verified" });
  });
});

describe("the journal of an earlier version", () => {
  const earlier = readdirSync(new URL(".", import.meta.url)).filter(
    (name) => name.endsWith(".jsonl") && name !== basename(file),
  );

  it.each(earlier)("%s opens, and its answers are not compared", (name) => {
    const path = fileURLToPath(new URL(`./${name}`, import.meta.url));
    const old: Recorded[] = [];
    readJournal(path, (event) => old.push(event));
    expect(fold(old).finished?.failed).toBe(false);
    const decider = new Decider();
    for (const event of old) decider.apply(event);
    expect(decider.history.trials.length).toBe(17);
    expect(verifyStudy(path)).toMatchObject({ kind: "not-comparable" });
  });
});
