import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { EventOf, Recorded, StudyEvent } from "../../src/history/events.ts";
import type { StudySettings } from "../../src/history/settings.ts";
import { JournalFollower } from "../../src/journal/follow-journal.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { Decider } from "../../src/study/decider.ts";
import { loadStudy } from "../../src/study/study-folder.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import { StudyFold } from "../../src/views/study-fold.ts";
import { runVirtual } from "../support/virtual-study.ts";

/** Journals whose lines all carry right checksums, and say what cannot be. */

const directory = mkdtempSync(join(tmpdir(), "hpo-impossible-"));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, "s", "journal.jsonl");
mkdirSync(join(directory, "s"));

const { events } = await runVirtual({
  spec: {
    name: "s",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: "hyperband",
    budget: { min: 1, max: 9 },
    seed: 1,
  },
  objective: { loss: () => 0.1 },
});

/** The journal with the first event of a type changed; from there on nothing follows. */
function changed<T extends StudyEvent["type"]>(type: T, change: (event: EventOf<T>) => unknown): number {
  const at = events.findIndex((event) => event.type === type);
  const lines = [...events.slice(0, at), change(events[at] as EventOf<T>) as Recorded];
  writeFileSync(file, `${lines.map(encodeLine).join("\n")}\n`);
  return at + 1;
}

const settings = (change: object): number =>
  changed("study-created", (event) => ({ ...event, settings: { ...event.settings, ...change } }));

const READERS: readonly (readonly [string, () => unknown])[] = [
  ["show", () => loadStudy(directory, "s")],
  ["resume", () => loadStudy(directory, "s", { fold: new Decider() })],
  [
    "the dashboard",
    () => {
      let fold = new StudyFold();
      const follower = new JournalFollower(file, {
        begin: () => (fold = new StudyFold()),
        event: (e) => fold.apply(e),
      });
      while (follower.read(1 << 20) === "more");
    },
  ],
  ["verify", () => verifyStudy(file)],
];

/** A line of JSON, all but its end, with the checksum that it needs. */
function withChecksum(body: string): string {
  return `${body},"crc":"${crc32(body).toString(16).padStart(8, "0")}"}`;
}

/** Each reader refuses, and names the line. */
function expectRefusals(line: number, words: string): void {
  for (const [name, read] of READERS) {
    let said: unknown;
    try {
      said = read();
    } catch (error) {
      said = error;
    }
    if (name === "verify" && !(said instanceof Error)) expect(said, name).toMatchObject({ kind: "different", line });
    else {
      expect(said, name).toMatchObject({ code: "journal-damaged" });
      expect((said as Error).message, name).toContain(`line ${line} `);
      expect((said as Error).message, name).toContain(words);
    }
  }
}

const budget = { min: 1, max: 9, eta: 3, unit: "steps" };
const whole = (events[0] as EventOf<"study-created">).settings;

describe("settings that ask for the impossible", () => {
  it.each<readonly [string, (current: StudySettings) => object]>([
    ["budget.eta", () => ({ budget: { ...budget, eta: 1 } })],
    ["budget.eta", () => ({ budget: { ...budget, eta: -3 } })],
    ["budget.max", () => ({ budget: { ...budget, max: null } })],
    ["budget.max", () => ({ budget: { ...budget, max: -1 } })],
    ["nothing of a budget", () => ({ budget: undefined })],
    ["budget.min", () => ({ budget: { ...budget, min: 10 } })],
    ["workers.cpus", () => ({ workers: { ...whole.workers, cpus: 1e9 } })],
    ["workers.cpus", () => ({ workers: { ...whole.workers, cpus: "2" } })],
    ["metric", () => ({ metric: null })],
    ["metric.goal", () => ({ metric: { name: "loss", goal: "toString" } })],
    ["parameters", () => ({ parameters: [] })],
    ["parameters.x.high", () => ({ parameters: { x: { type: "float", low: 2, high: 1 } } })],
    ["stop.trials", () => ({ stop: { ...whole.stop, trials: -1 } })],
    ["stop.time", () => ({ stop: { ...whole.stop, time: "1h" } })],
    ["trial.retries", () => ({ trial: { ...whole.trial, retries: 1.5 } })],
    ["trial.grace", () => ({ trial: { ...whole.trial, grace: -1 } })],
    ["scheduler", () => ({ scheduler: { name: 1 } })],
    ["sampler", () => ({ sampler: { name: "random", deep: [[[]]] } })],
    ["objective", () => ({ objective: { kind: "command", argv: [1], cwd: "." } })],
    ["enqueue", () => ({ enqueue: [{ x: 7 }] })],
    ["parallel", () => ({ parallel: 0 })],
  ])("are refused by every reader: %s", (words, change) => expectRefusals(settings(change(whole)), words));

  it("are refused where a decision would go by them: a scheduler or sampler that nobody knows", () => {
    for (const change of [{ scheduler: { name: "constructor" } }, { sampler: { name: "__proto__" } }]) {
      settings(change);
      const [show, resume] = READERS;
      expect(show?.[1]).not.toThrow();
      expect(resume?.[1]).toThrow(/line 1 cannot be: its (scheduler|sampler) ".+" is none that this hpo has/);
    }
  });
});

describe("events that cannot be", () => {
  const cases: readonly (readonly [string, () => number])[] = [
    ["no rung 1000000000", () => changed("run-started", (e) => ({ ...e, placement: { bracket: 0, rung: 1e9 } }))],
    ["in a bracket 1000000000", () => changed("run-started", (e) => ({ ...e, placement: { bracket: 1e9, rung: 0 } }))],
    ["placement", () => changed("run-started", (e) => ({ ...e, placement: { bracket: -1, rung: 0 } }))],
    ["budget", () => changed("run-started", (e) => ({ ...e, budget: null }))],
    ["run 7, where run 0", () => changed("run-started", (e) => ({ ...e, run: 7 }))],
    ["trial 1000000000000000", () => changed("run-started", (e) => ({ ...e, trial: 1e15 }))],
    ["trial 1000000000000000, where", () => changed("trial-created", (e) => ({ ...e, trial: 1e15 }))],
    ['"trial"', () => changed("trial-created", (e) => ({ ...e, trial: "__proto__" }))],
    ['"params"', () => changed("trial-created", (e) => ({ ...e, params: { x: [[]] } }))],
    ['"step"', () => changed("reported", (e) => ({ ...e, step: -1 }))],
    ['"metrics"', () => changed("reported", (e) => ({ ...e, metrics: { loss: null } }))],
    ["run 99", () => changed("reported", (e) => ({ ...e, run: 99 }))],
    ['"outcome"', () => changed("run-ended", (e) => ({ ...e, outcome: { kind: "valueOf" } }))],
    ['"outcome"', () => changed("run-ended", (e) => ({ ...e, outcome: { kind: "completed", metrics: [] } }))],
    ['"at"', () => changed("run-ended", (e) => ({ ...e, at: 1e300 }))],
    ["no event is called", () => changed("run-ended", (e) => ({ seq: e.seq, at: e.at, type: "run-blessed" }))],
    ["no event is called", () => changed("run-ended", (e) => ({ seq: e.seq, at: e.at, type: "constructor" }))],
    ["created once", () => changed("run-ended", (e) => ({ ...events[0], seq: e.seq }))],
    ['"reason"', () => changed("study-finished", (e) => ({ ...e, reason: {} }))],
  ];
  it.each(cases)("are refused by every reader: %s", (words, make) => expectRefusals(make(), words));

  it("are refused where they are too large for a number", () => {
    const at = events.findIndex((event) => event.type === "reported");
    const lines = events.slice(0, at + 1).map(encodeLine);
    const body = (lines[at] as string).replace(/"loss":[\d.]+/, '"loss":1e999').replace(/,"crc.*$/, "");
    expect(body).toContain("1e999");
    lines[at] = withChecksum(body);
    writeFileSync(file, `${lines.join("\n")}\n`);
    expectRefusals(at + 1, '"metrics"');
  });

  it("are refused where they are nested without end", () => {
    const at = events.findIndex((event) => event.type === "reported");
    const lines = events.slice(0, at).map(encodeLine);
    const deep = `{"seq":${at},"at":1,"type":"reported","run":0,"step":1,"metrics":${"[".repeat(1e6)}${"]".repeat(1e6)}`;
    writeFileSync(file, `${[...lines, withChecksum(deep)].join("\n")}\n`);
    expectRefusals(at + 1, '"metrics"');
  });
});
