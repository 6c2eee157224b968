import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inOneLine, Narrator } from "../../src/cli/text/narrate.ts";
import { safetyInWords } from "../../src/views/safety-words.ts";
import type { Recorded, StudyEvent } from "../../src/history/events.ts";
import { fold, History } from "../../src/history/history.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { spec, TestFolder } from "./cli.ts";

const settings = resolveSpec(
  {
    name: "test",
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: { sampler: "random", scheduler: "median" },
    budget: { max: 100, unit: "epochs" },
    seed: 1,
  },
  { subject: "the test's spec", specFolder: "/", studyFolder: null, objective: "function" },
);
const answer = { reason: "because", seen: 0 };

type Kind = "stopped" | "dropped" | "right" | "wrong" | "open";

/** A study of so many runs, each ended as it is said, at its tenth step. */
function events(runs: readonly Kind[], chance?: number): readonly Recorded[] {
  const head: readonly StudyEvent[] = [
    { type: "study-created", version: 1, engine: "0", settings },
    { type: "session-started", engine: "0", node: "0", pid: 1 },
  ];
  const each = runs.flatMap((kind, run): readonly StudyEvent[] => [
    { ...answer, type: "trial-created", trial: run, params: { x: 0.5 }, source: "random" },
    {
      ...answer,
      type: "run-started",
      run,
      trial: run,
      attempt: 1,
      budget: kind === "dropped" ? 10 : 100,
      startStep: 1,
      slot: `cpu-${run}`,
      objective: null,
      ...(kind === "dropped" ? { placement: { bracket: 0, rung: 0 } } : {}),
    },
    { type: "reported", run, step: 10, metrics: { loss: 5 } },
    ...afterReport(run, kind, chance === undefined ? {} : { chance }),
  ]);
  return [...head, ...each].map((event, seq): Recorded => ({ seq, at: seq, ...event }));
}

function afterReport(run: number, kind: Kind, chance: { readonly chance?: number }): readonly StudyEvent[] {
  switch (kind) {
    case "stopped":
      return [{ ...answer, type: "run-stopped", run, step: 10, ...chance }, ended(run, kind)];
    case "dropped":
      return [ended(run, kind), { ...answer, type: "trial-dropped", trial: run, ...chance }];
    default: {
      const shadowed: StudyEvent = { ...answer, type: "run-shadowed", run, step: 10, toBeat: 2 };
      return kind === "open" ? [shadowed] : [shadowed, ended(run, kind)];
    }
  }
}

const ended = (run: number, kind: Exclude<Kind, "open">): StudyEvent => ({
  type: "run-ended",
  run,
  outcome: kind === "stopped" ? { kind } : { kind: "completed", metrics: { loss: kind === "right" ? 3 : 1 } },
});

const words = (...given: Parameters<typeof events>): readonly string[] => safetyInWords(fold(events(...given)));
const times = (many: number, what: Kind): readonly Kind[] => Array.from({ length: many }, () => what);

describe("the safety record in words", () => {
  it("is silent on a study without stops", () => expect(words([])).toEqual([]));

  it.each<[readonly Kind[], readonly string[]]>([
    [["stopped"], ["stopped 1 run early, which saved 90 of 100 steps (90 %)"]],
    [times(41, "stopped" as const), ["stopped 41 runs early, which saved 3,690 of 4,100 steps (90 %)"]],
    [["open"], ["1 stop continued in the shadow, none of them to the end yet"]],
    [["open", "open"], ["2 stops continued in the shadow, none of them to the end yet"]],
    [["right"], ["1 stop continued in the shadow, one of them to the end: too few to judge by"]],
    [["wrong"], ["1 stop continued in the shadow, one of them to the end: too few to judge by"]],
    [["right", "right", "open", "right"], ["of 3 stops continued in the shadow 0 were wrong (0 to 56 %)"]],
    [["right", "wrong", "right"], ["of 3 stops continued in the shadow 1 was wrong (6 to 79 %)"]],
    [
      ["wrong", "wrong", "stopped", "right", "right", "stopped"],
      [
        "stopped 2 runs early, which saved 180 of 600 steps (30 %)",
        "of 4 stops continued in the shadow 2 were wrong (15 to 85 %), and so about 1 of the 2 carried out",
      ],
    ],
  ])("of %j is right in number and grammar", (runs, lines) => expect(words(runs)).toEqual(lines));

  it("tells what was predicted", () => {
    expect(words(["stopped"], 0.04).at(-1)).toBe("predicted: 0.04 of 1 stop was wrong");
    expect(words(times(31, "stopped"), 0.026).at(-1)).toBe("predicted: 0.81 of 31 stops were wrong");
    expect(words(times(2, "dropped"), 0.03)).toEqual(["predicted: at most 0.06 of 2 drops were wrong"]);
    expect(words(["dropped", "stopped"], 0.03).at(-1)).toBe("predicted: 0.06 of 2 stops and drops were wrong");
  });
});

it("narrates a shadow and what it showed", () => {
  const history = new History();
  const lines: string[] = [];
  let narrator: Narrator | undefined;
  for (const event of events(["right", "wrong"])) {
    history.apply(event);
    narrator ??= new Narrator(history);
    lines.push(...narrator.tell(event).map(inOneLine));
  }
  expect(lines.filter((line) => !line.includes("started"))).toEqual([
    "trial 0 because",
    "trial 0 ended: loss 3 after 100 epochs; to stop it at step 10 would have been right",
    "best so far: trial 0: loss 3 after 100 epochs",
    "trial 1 because",
    "trial 1 ended: loss 1 after 100 epochs; to stop it at step 10 would have been wrong",
    "best so far: trial 1: loss 1 after 100 epochs",
  ]);
});

describe("the built command line", () => {
  let place: TestFolder;
  let started: string;
  /** The sixth trial is worst until its last steps, and best in the end. */
  const train = `
export default async function train(params, trial) {
  let loss = 0;
  for (let step = trial.startStep; step <= trial.budget; step++) {
    loss = trial.number === 5 ? (step < 3 ? 50 : 0) : trial.number + 5 - step;
    if ((await trial.report({ step, loss })).action === "stop") break;
  }
  return { loss };
}`;
  beforeAll(async () => {
    place = new TestFolder();
    place.write("train.mjs", train);
    const scheduler = { name: "median", shadow: 50 };
    const strategy = { sampler: "random", scheduler };
    const budget = { min: 1, max: 4, unit: "epochs" };
    // Of the trials 5 … 11, this seed draws 5 among others.
    place.write("space.json", spec({ strategy, budget, stop: { trials: 12 }, seed: 15 }));
    const { code, stdout, stderr } = await place.run(["study", "start", "space.json", "--cpus", "1"]);
    expect([code, stderr]).toEqual([0, ""]);
    started = stdout;
  });
  afterAll(() => place.remove());

  it("tells of a shadow while it runs, and of its study's record at the end and in show", async () => {
    expect(started).toContain(
      "trial 5 would have been stopped at step 1: its best loss by then, 50, is worse than 6, the",
    );
    expect(started).toMatch(/trial 5 ended: loss 0 after 4 epochs; to stop it at step 1 would have been wrong/);
    const record =
      /^ {2}safety {3}stopped (\d) runs early, which saved \d+ of \d+ steps \(\d+ %\)\n {11}of (\d) stops continued in the shadow 1 was wrong \(\d+ to \d+ %\), and so about/m;
    const [, stopped, shadowed] = record.exec(started) ?? [];
    expect([Number(stopped) > 1, Number(shadowed) > 1, Number(stopped) + Number(shadowed)]).toEqual([true, true, 7]);
    const shown = await place.run(["study", "show", "toy"]);
    expect(shown.stdout).toMatch(
      /^ {2}safety {4}stopped \d runs early.*\n {12}of \d stops continued in the shadow 1 was/m,
    );
    const trial = await place.run(["trial", "show", "toy", "5"]);
    expect(trial.stdout).toMatch(/would have been stopped at step 1: .*; goes on in the shadow, to see whether/);
    expect(trial.stdout).toMatch(/run 5 ended, completed: loss 0; to stop it at step 1 would have been wrong/);
    const verified = await place.run(["study", "verify", "toy"]);
    expect(verified.code).toBe(0);
  });

  it("gives the record as JSON", async () => {
    const { safety } = await place.json<{ safety: object }>("study", "show", "toy");
    expect(safety).toMatchObject({
      dropped: 0,
      steps: { done: expect.any(Number) as number, saved: expect.any(Number) as number },
      shadow: { wrong: 1, share: { rate: expect.any(Number) as number } },
      wrongStops: { rate: expect.any(Number) as number },
      foretold: null,
    });
  });
});
