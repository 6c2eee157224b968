import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createStudy } from "hpo";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StudyChanges } from "../../src/views/payload.ts";
import { TestDashboard } from "./dashboard.ts";

let test: TestDashboard;
beforeEach(async () => {
  test = new TestDashboard();
  await test.open();
});
afterEach(() => test.close());

const spec = {
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "random",
  stop: { trials: 50 },
  workers: { cpus: 1 },
  seed: 1,
} as const;

const eventsOf = (name: string): readonly string[] =>
  readFileSync(join(test.directory, name, "journal.jsonl"), "utf8")
    .trim()
    .split("\n");

describe("actions on a study that runs", () => {
  it("stop it, stop a trial, enqueue and note, each with its event and its news", async () => {
    let release: (() => void) | undefined;
    const study = await createStudy({
      ...spec,
      name: "busy",
      directory: test.directory,
      objective: async ({ x }, trial) => {
        await trial.report({ step: 1, loss: x });
        // Until it is told to stop, or the test lets it go on.
        await new Promise<void>((resolve) => {
          release = resolve;
          trial.signal.addEventListener("abort", () => resolve());
        });
        return { loss: x };
      },
    });
    const running = study.run();
    const stream = await test.follow("/api/studies/busy/events");
    await stream.until<StudyChanges>(({ trials }) => trials.some(({ curve }) => curve.length > 0));

    expect((await test.act("busy", { kind: "note", text: " look ", trial: 0 })).json()).toEqual({
      done: "noted for trial 0",
    });
    const noted = await stream.until<StudyChanges>(({ head }) => head.notes.length > 0);
    expect(noted.head.notes).toMatchObject([{ text: "look", trial: 0 }]);

    expect((await test.act("busy", { kind: "enqueue", params: { x: 0.5 } })).json()).toEqual({
      done: "1 configuration enqueued; the study tries it next",
    });
    await stream.until<StudyChanges>(({ head }) => head.queue.length === 1);

    expect((await test.act("busy", { kind: "stop-trial", trial: 0 })).json()).toEqual({
      done: "trial 0 is told to stop",
    });
    const stopped = await stream.until<StudyChanges>(({ trials }) =>
      trials.some(({ number, state }) => number === 0 && state === "pruned"),
    );
    expect(stopped.trials.find(({ number }) => number === 0)?.reason).toBe("stopped: you asked for it");
    const enqueued = await stream.until<StudyChanges>(({ trials }) => trials.some(({ number }) => number === 1));
    expect(enqueued.trials.find(({ number }) => number === 1)).toMatchObject({
      params: { x: 0.5 },
      source: "enqueued",
    });

    expect((await test.act("busy", { kind: "stop" })).json()).toEqual({
      done: 'study "busy" is told to stop; it can be resumed',
    });
    release?.();
    await running;
    await study.close();
    await stream.until<StudyChanges>(({ head }) => head.state === "interrupted");
    const types = eventsOf("busy").map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toEqual(expect.arrayContaining(["noted", "enqueued", "trial-stop-requested", "run-stopped"]));
  });
});

describe("actions on a study that rests", () => {
  const rest = async (): Promise<void> => {
    const study = await createStudy({ ...spec, name: "rests", directory: test.directory });
    const trial = await study.ask();
    await study.tell(trial as NonNullable<typeof trial>, { loss: 1 });
    await study.ask();
    await study.close();
  };

  it("are written to its journal", async () => {
    await rest();
    expect((await test.act("rests", { kind: "note", text: "of the study" })).json()).toEqual({
      done: 'noted for study "rests"',
    });
    expect((await test.act("rests", { kind: "enqueue", params: { x: 0.25 } })).json()).toEqual({
      done: "1 configuration enqueued; it is tried first when the study is resumed",
    });
    expect((await test.act("rests", { kind: "stop-trial", trial: 1 })).json()).toEqual({
      done: "trial 1 is stopped: it does not go on",
    });
    const stream = await test.follow("/api/studies/rests/events");
    const { head } = await stream.until<StudyChanges>((changes) => changes.head.state === "interrupted");
    expect(head).toMatchObject({ notes: [{ text: "of the study", trial: null }], queue: [{ x: 0.25 }] });
    const refused = await test.act("rests", { kind: "stop" });
    expect([refused.status, refused.problem()]).toEqual([409, 'study "rests" runs nowhere: there is nothing to stop']);
  });

  it.each([
    [{ kind: "dance" }, 'expected the kind "stop", "stop-trial", "enqueue" or "note", received "dance"'],
    [[], "expected a JSON object with the kind of an action"],
    [{ kind: "enqueue", params: { x: 2, y: 1 } }, "the configuration has 2 problems"],
    [{ kind: "enqueue" }, "the configuration has 1 problem"],
    [{ kind: "note", text: "  " }, "expected a note of 1 to 2,000 characters"],
    [{ kind: "note", text: "x", trial: 9 }, "has no trial 9"],
    [{ kind: "stop-trial" }, "expected the number of the trial to stop"],
    [{ kind: "stop-trial", trial: "0" }, 'expected the number of a trial, received "0"'],
    [{ kind: "stop-trial", trial: 0 }, "trial 0 has ended already: it is complete"],
  ])("are refused in words where they are unsound: %j", async (action, words) => {
    await rest();
    const before = eventsOf("rests").length;
    const answer = await test.act("rests", action);
    expect(answer.status).toBe(400);
    expect(answer.problem()).toContain(words);
    expect(eventsOf("rests")).toHaveLength(before);
  });

  it("are refused where another process holds the study and says no", async () => {
    const study = await createStudy({ ...spec, name: "held", directory: test.directory });
    const answer = await test.act("held", { kind: "stop" });
    expect(answer.status).toBe(409);
    expect(answer.problem()).toMatch(/^study "held" refused: nothing runs in study "held"/);
    await study.close();
  });

  it("are refused where the journal is damaged", async () => {
    const golden = fileURLToPath(new URL("../golden/journal-0.4.0.jsonl", import.meta.url));
    mkdirSync(join(test.directory, "bad"));
    writeFileSync(
      join(test.directory, "bad", "journal.jsonl"),
      readFileSync(golden, "utf8").replace("golden", "molden"),
    );
    expect((await test.act("bad", { kind: "note", text: "x" })).status).toBe(409);
  });
});
