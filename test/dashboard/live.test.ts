import { appendFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type AskedTrial, createStudy, type Parameters, type Study } from "hpo";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StudyChanges, StudySummary, TrialDetail, UnreadableStudy } from "../../src/views/payload.ts";
import { TestDashboard } from "./dashboard.ts";

const GOLDEN = readFileSync(fileURLToPath(new URL("../golden/journal-0.4.0.jsonl", import.meta.url)));

interface Listed {
  readonly studies: readonly (StudySummary | UnreadableStudy)[];
}

let test: TestDashboard;
const open: Study[] = [];
beforeEach(async () => {
  test = new TestDashboard();
});
afterEach(async () => {
  for (const study of open.splice(0)) await study.close();
  await test.close();
});

/** A study that this test drives itself. */
async function driven(name: string): Promise<Study> {
  const study = await createStudy({
    name,
    directory: test.directory,
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: "random",
    stop: { trials: 50 },
    workers: { cpus: 1 },
    seed: 1,
  });
  open.push(study);
  return study;
}

const golden = (name: string, content: string | Buffer = GOLDEN): void => {
  mkdirSync(join(test.directory, name), { recursive: true });
  writeFileSync(join(test.directory, name, "journal.jsonl"), content);
};

const namesOf = ({ studies }: Listed): readonly string[] => studies.map(({ name }) => name);

describe("the list of studies", () => {
  it("has every study by name, with a damaged one beside the good ones", async () => {
    golden("b");
    golden("a");
    golden("c", GOLDEN.toString().replace("golden", "molden"));
    await test.open();
    const { studies } = (await test.ask("/api/studies")).json() as Listed;
    expect(namesOf({ studies })).toEqual(["a", "b", "c"]);
    expect(studies[0]).toMatchObject({ state: "finished", strategy: "hyperband", best: { number: 1 } });
    expect(studies[2]).toMatchObject({ problem: expect.stringContaining("line 1 cannot be read") });
    const answer = await test.ask("/api/studies/c");
    expect(answer.status).toBe(409);
    expect(answer.problem()).toContain("checksum");
  });

  it("tells of studies that come, change and go, in a folder that comes later", async () => {
    rmSync(test.directory, { recursive: true });
    await test.open();
    const stream = await test.follow("/api/studies/events");
    expect((await stream.next())?.data).toEqual({ studies: [] });
    const study = await driven("late");
    const come = await stream.until<Listed>((list) => list.studies.length === 1);
    expect(come.studies[0]).toMatchObject({ name: "late", best: null });
    await stream.until<Listed>(({ studies }) => (studies[0] as StudySummary).state === "running");
    const trial = (await study.ask()) as AskedTrial<Parameters>;
    await study.tell(trial, { loss: 0.25 });
    const changed = await stream.until<Listed>(({ studies }) => (studies[0] as StudySummary).best !== null);
    expect(changed.studies[0]).toMatchObject({ state: "running", best: { value: 0.25 }, trials: { complete: 1 } });
    await study.close();
    await stream.until<Listed>(({ studies }) => (studies[0] as StudySummary).state === "interrupted");
    rmSync(join(test.directory, "late"), { recursive: true });
    await stream.until<Listed>((list) => list.studies.length === 0);
  });

  it("shows a study that was damaged when it has been mended", async () => {
    golden("a", GOLDEN.toString().replace("golden", "molden"));
    await test.open();
    const stream = await test.follow("/api/studies/events");
    await stream.until<Listed>((list) => list.studies[0] !== undefined && "problem" in list.studies[0]);
    golden("a");
    await stream.until<Listed>((list) => list.studies[0] !== undefined && "state" in list.studies[0]);
  });
});

describe("the changes of a study", () => {
  it("arrive as they happen, one trial at a time", async () => {
    await test.open();
    const study = await driven("live");
    const stream = await test.follow("/api/studies/live/events");
    const first = (await stream.next())?.data as StudyChanges;
    expect(first).toMatchObject({ whole: true, trials: [], head: { name: "live", stopInWords: "after 50 trials" } });
    for (const number of [0, 1]) {
      const trial = (await study.ask()) as AskedTrial<Parameters>;
      await stream.until<StudyChanges>(({ trials }) => trials.some((row) => row.number === number));
      await study.report(trial, { step: 1, loss: 2 });
      await stream.until<StudyChanges>(({ trials }) => trials[0]?.curve.length === 2);
      await study.tell(trial, { loss: 1 });
      const ended = await stream.until<StudyChanges>(({ trials }) => trials[0]?.state === "complete");
      expect(ended.trials.map((row) => row.number)).toEqual([number]);
      expect(ended.whole).toBeUndefined();
    }
  });

  it("go on behind the event that the client has", async () => {
    golden("a");
    await test.open();
    const whole = (await test.ask("/api/studies/a")).json() as StudyChanges;
    expect(whole).toMatchObject({ seq: 217, whole: true });
    const some = (await test.ask("/api/studies/a?since=200")).json() as StudyChanges;
    expect(some.trials.length).toBeGreaterThan(0);
    expect(some.trials.length).toBeLessThan(whole.trials.length);
    expect(some.trials).toEqual(some.trials.map(({ number }) => whole.trials[number]));
    for (const headers of [{}, { "last-event-id": "200" }]) {
      const stream = await test.follow("/api/studies/a/events?since=200", headers);
      expect(await stream.next()).toEqual({ event: "changes", id: "217", data: some });
    }
    // A browser that connects again asks by the same address, and by what came last.
    const again = await test.follow("/api/studies/a/events?since=-1", { "last-event-id": "217" });
    expect((await again.next())?.data).toMatchObject({ seq: 217, trials: [] });
    expect((await test.ask("/api/studies/a?since=x")).status).toBe(400);
  });

  it("wait for a torn line to be whole, and begin anew with another journal", async () => {
    golden("a", GOLDEN.subarray(0, GOLDEN.length - 40));
    await test.open();
    const stream = await test.follow("/api/studies/a/events");
    expect((await stream.next())?.data).toMatchObject({ seq: 216 });
    const file = join(test.directory, "a", "journal.jsonl");
    appendFileSync(file, GOLDEN.subarray(GOLDEN.length - 40));
    expect((await stream.next())?.data).toMatchObject({ seq: 217 });
    const old = fileURLToPath(new URL("../golden/journal-0.1.0.jsonl", import.meta.url));
    cpSync(old, `${file}.new`);
    renameSync(`${file}.new`, file);
    expect((await stream.next())?.data).toMatchObject({ seq: 217, whole: true });
  });

  it("end when the study goes, and say what is wrong when its journal is damaged", async () => {
    golden("a");
    await test.open();
    const stream = await test.follow("/api/studies/a/events");
    await stream.next();
    appendFileSync(join(test.directory, "a", "journal.jsonl"), "nonsense\n");
    expect(await stream.next()).toMatchObject({
      event: "problem",
      data: { problem: expect.stringContaining("line 219") },
    });
    rmSync(join(test.directory, "a"), { recursive: true });
    expect(await stream.next()).toBeUndefined();
  });
});

describe("a trial's page", () => {
  it("tells its story, and follows its log", async () => {
    golden("a");
    await test.open();
    const detail = (await test.ask("/api/studies/a/trials/3")).json() as TrialDetail;
    expect(detail.again).toBe(`hpo trial run a 3 --directory ${test.directory}`);
    expect(detail.story.map(({ text }) => text)).toContain("run 3 failed (signal): it was ended by SIGSEGV");
    expect(Object.keys(detail.curves)).toEqual(["loss"]);
    expect(detail.logs).toEqual([]);
    const stream = await test.follow("/api/studies/a/trials/3/events");
    expect(await stream.next()).toMatchObject({ event: "detail", data: detail });
    const log = join(test.directory, "a", "trials", "3", "stdout.log");
    mkdirSync(join(log, ".."), { recursive: true });
    writeFileSync(log, "epoch 1\n");
    const told = await stream.until<TrialDetail>(({ logs }) => logs.length > 0);
    expect(told.logs).toEqual([{ file: "stdout.log", lines: ["epoch 1"] }]);
    appendFileSync(log, "epoch 2\n");
    const more = await stream.until<TrialDetail>(({ logs }) => logs[0]?.lines.length === 2);
    expect(more.logs[0]?.lines.at(-1)).toBe("epoch 2");
  });

  it("is not there for a number that no trial has", async () => {
    golden("a");
    await test.open();
    for (const number of ["999", "-1", "x", "1.5", "%00"])
      expect((await test.ask(`/api/studies/a/trials/${number}`)).status).toBe(404);
  });
});

describe("importance", () => {
  it("is computed in a thread, or says why there is none", async () => {
    golden("a");
    await test.open();
    const [one, two] = await Promise.all([1, 2].map(() => test.ask("/api/studies/a/importance")));
    expect(one?.json()).toMatchObject({ shares: [], problem: expect.stringContaining("largest budget") });
    expect(two?.text).toBe(one?.text);
  });
});
