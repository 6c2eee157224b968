import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { createStudy, followStudy, type Recorded } from "../../src/index.ts";

const directory = mkdtempSync(join(tmpdir(), "hpo-follow-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const open = (name: string) =>
  createStudy({
    name,
    directory,
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: { sampler: "random", scheduler: "full" },
    stop: { trials: 3 },
    seed: 1,
  });

async function all(events: AsyncIterable<Recorded>): Promise<readonly Recorded[]> {
  const list: Recorded[] = [];
  for await (const event of events) list.push(event);
  return list;
}

describe("followStudy", () => {
  test("gives the events of a study that runs until it is closed, each once", async () => {
    const study = await open("runs");
    const events = followStudy({ name: "runs", directory });
    expect((await events.next()).value).toMatchObject({ seq: 0, type: "study-created" });
    for (let trial = await study.ask(); trial !== undefined; trial = await study.ask())
      await study.tell(trial, trial.params.x);
    const rest = all(events);
    await study.close();
    const types = (await rest).map(({ type }) => type);
    expect(types.filter((type) => type === "run-ended")).toHaveLength(3);
    expect(types.at(-1)).toBe("session-ended");
    const again = await all(followStudy({ name: "runs", directory }));
    expect(again.map(({ seq }) => seq)).toEqual(again.map((_, index) => index));
    expect(await all(followStudy({ name: "runs", directory, from: 4 }))).toEqual(again.slice(4));
    expect(await all(followStudy({ name: "runs", directory, from: again.length }))).toEqual([]);
  });

  test("ends where a process died", async () => {
    const program = fileURLToPath(new URL("../fixtures/exchange/every-state.mjs", import.meta.url));
    execFileSync(process.execPath, [program, directory]);
    const events = await all(followStudy({ name: "every", directory }));
    expect(events.filter(({ type }) => type === "trial-created")).toHaveLength(12);
    expect(events.at(-1)?.type).not.toBe("session-ended");
  });

  test("ends when it is told to", async () => {
    const study = await open("aborted");
    const abort = new AbortController();
    const events = followStudy({ name: "aborted", directory, signal: abort.signal });
    await events.next();
    await events.next();
    const next = events.next();
    abort.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    await study.close();
  });

  test.each([
    ["a study that is not there", { name: "none" }, "study-not-found"],
    ["a position that is none", { name: "runs", from: -1 }, "invalid-argument"],
  ])("refuses %s", async (_, options, code) => {
    await expect(followStudy({ directory, ...options }).next()).rejects.toMatchObject({ code });
  });
});
