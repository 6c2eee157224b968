import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createStudy } from "hpo";
import { JOURNAL_VERSION } from "../../src/history/events.ts";
import type { Sampler, Suggestion } from "../../src/samplers/sampler.ts";
import type { StudySpec } from "../../src/space/spec.ts";
import { Coordinator } from "../../src/study/coordinator.ts";
import { Decider } from "../../src/study/decider.ts";
import { ENGINE } from "../../src/study/engine.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { runStudy } from "../../src/study/run-study.ts";
import { encodeLine } from "../../src/journal/line.ts";
import { verifyStudy } from "../../src/study/verify.ts";
import type { Suggester } from "../../src/study/suggester.ts";
import { RecordingJournal, runVirtual, VirtualDispatcher } from "../support/virtual-study.ts";

const folder = mkdtempSync(join(tmpdir(), "hpo-suggestions-"));
afterAll(() => rmSync(folder, { recursive: true }));

const spec: StudySpec = {
  name: "test",
  metric: { name: "loss", goal: "minimize" },
  parameters: { x: { type: "float", low: 0, high: 1 } },
  strategy: "bayesian",
  budget: { max: 5 },
  stop: { trials: 20 },
  seed: 1,
};
const objective = {
  loss: ({ params }: { readonly params: Readonly<Record<string, unknown>> }) => (Number(params["x"]) - 0.4) ** 2,
  duration: ({ run }: { readonly run: number }) => 1 + (run % 3),
};

/** Answers slow tasks later, by `answer`. */
const later =
  (answer: (count: number, compute: () => Suggestion) => Promise<Suggestion>) =>
  (sampler: Sampler): Suggester => {
    let count = 0;
    return {
      suggest: (task) =>
        sampler.isSlow?.(task) === true ? answer(count++, () => sampler.suggest(task)) : sampler.suggest(task),
      close: async () => undefined,
    };
  };
const afterSome = async (compute: () => Suggestion): Promise<Suggestion> => {
  for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
  return compute();
};

describe("suggestions that come later", () => {
  it("are recorded with what they saw, while runs go on", async () => {
    const { events } = await runVirtual({
      spec,
      objective,
      slots: 4,
      suggester: later((_, compute) => afterSome(compute)),
    });
    const created = events.filter((event) => event.type === "trial-created");
    expect(created.length).toBe(20);
    expect(created.filter((event) => event.seen < event.seq - 1).length).toBeGreaterThan(5);
  });

  it("are the same for a reproducible study, however long they take", async () => {
    const reproducible = { ...spec, reproducible: true, workers: { cpus: 4 } };
    const params = async (suggester?: (sampler: Sampler) => Suggester): Promise<readonly unknown[]> => {
      const study = { spec: reproducible, objective, slots: 4, ...(suggester && { suggester }) };
      return (await runVirtual(study)).history.trials.map((trial) => trial.params);
    };
    expect(await params(later((_, compute) => afterSome(compute)))).toEqual(await params());
  });

  it("that nobody wants any more, since one was enqueued, are not recorded", async () => {
    const decider = new Decider();
    const dispatcher = new VirtualDispatcher(2, objective);
    const journal = new RecordingJournal();
    const coordinator = new Coordinator(decider, journal, {
      now: () => dispatcher.time,
      suggester: later((count, compute) => {
        if (count === 3) coordinator.enqueue({ x: 0.123 });
        return afterSome(compute);
      }),
    });
    open(coordinator);
    await drive(coordinator, dispatcher);
    const { trials } = decider.history;
    expect(trials.filter(({ source }) => source === "enqueued").map(({ params }) => params)).toEqual([{ x: 0.123 }]);
    expect(trials.map(({ number }) => number)).toEqual([...Array(20).keys()]);
    // Each suggestion is the one for its own trial.
    const file = join(folder, "journal.jsonl");
    writeFileSync(file, journal.events.map((event) => `${encodeLine(event)}\n`).join(""));
    expect(verifyStudy(file)).toMatchObject({ kind: "verified" });
  });
});

describe("a suggestion that fails", () => {
  const dying = later((count, compute) =>
    count === 2 ? Promise.reject(new Error("the thread died")) : Promise.resolve(compute()),
  );

  it.each([false, true])(
    "ends the run but no trial, and the study goes on (reproducible: %s)",
    async (reproducible) => {
      const given = { ...spec, reproducible, workers: { cpus: 3 } };
      const decider = new Decider();
      const journal = new RecordingJournal();
      const first = new VirtualDispatcher(3, objective);
      const coordinator = new Coordinator(decider, journal, { now: () => first.time, suggester: dying });
      open(coordinator, given);
      await expect(drive(coordinator, first)).rejects.toThrow("the thread died");
      expect(decider.history.trials.filter(({ state }) => state === "pruned")).toEqual([]);
      // In the same process nothing has changed but that the suggestion is asked for again; later, it is a resume.
      const { history } = await runVirtual({ spec: given, objective, slots: 3, events: journal.events });
      expect(history.trials.every(({ state }) => state === "complete")).toBe(true);
      const whole = await runVirtual({ spec: given, objective, slots: 3 });
      if (reproducible)
        expect(history.trials.map(({ params }) => params)).toEqual(whole.history.trials.map(({ params }) => params));
    },
  );

  it("at once is computed again too when it is asked for again", async () => {
    const decider = new Decider();
    const dispatcher = new VirtualDispatcher(1, objective);
    let count = 0;
    const coordinator = new Coordinator(decider, new RecordingJournal(), {
      now: () => dispatcher.time,
      suggester: (sampler) => ({
        suggest: (task) => {
          if (count++ === 2) throw new Error("it broke");
          return sampler.suggest(task);
        },
        close: async () => undefined,
      }),
    });
    open(coordinator);
    await expect(drive(coordinator, dispatcher)).rejects.toThrow("it broke");
    await drive(coordinator, new VirtualDispatcher(1, objective));
    expect(decider.history.finished?.failed).toBe(false);
  });

  it("is computed again when it is asked for again", async () => {
    const decider = new Decider();
    const dispatcher = new VirtualDispatcher(1, objective);
    const coordinator = new Coordinator(decider, new RecordingJournal(), {
      now: () => dispatcher.time,
      suggester: dying,
    });
    open(coordinator);
    await expect(drive(coordinator, dispatcher)).rejects.toThrow("the thread died");
    await drive(coordinator, new VirtualDispatcher(1, objective));
    expect(decider.history.finished?.failed).toBe(false);
  });
});

it("a study that is closed while a suggestion is computed refuses whoever waits, and nothing else happens", async () => {
  for (let seed = 0; seed < 5; seed++) {
    const study = await createStudy({ ...spec, directory: null, seed });
    for (let index = 0; index < 6; index++) {
      const trial = await study.ask();
      if (trial !== undefined) await study.tell(trial, { loss: Number(trial.params["x"]) });
    }
    const asked = study.ask();
    await Promise.all([
      expect(asked).rejects.toThrow("the study was closed while a suggestion was computed"),
      study.close(),
    ]);
  }
});

it("the lower number wins a tie, whichever trial ended first", async () => {
  const tie = { ...spec, strategy: "random", stop: { trials: 6 } };
  for (const slow of [0, 1, 2, 3]) {
    const { history } = await runVirtual({
      spec: tie,
      objective: { loss: () => 1, duration: ({ trial }) => (trial <= slow ? 50 - trial : 1) },
      slots: 4,
    });
    expect(history.best?.number).toBe(0);
    // Nobody was better than the first that ended.
    expect(history.endedSinceBest).toBe(5);
  }
});

function open(coordinator: Coordinator, given: StudySpec = spec): void {
  const settings = resolveSpec(given, {
    subject: "the test's spec",
    specFolder: "/",
    studyFolder: null,
    objective: "function",
  });
  coordinator.record({ type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings });
  coordinator.startSession({});
}

function drive(coordinator: Coordinator, dispatcher: VirtualDispatcher): Promise<unknown> {
  const { signal } = new AbortController();
  return runStudy({ coordinator, dispatcher, folder: null, objective: () => null, signal });
}
