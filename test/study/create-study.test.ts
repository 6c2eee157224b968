import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, expectTypeOf, it } from "vitest";
import { createStudy, HpoError, resumeStudy, type Recorded } from "hpo";

const directory = mkdtempSync(join(tmpdir(), "hpo-api-"));
afterAll(() => rmSync(directory, { recursive: true }));

const metric = { name: "loss", goal: "minimize" } as const;
const parameters = {
  x: { type: "float", low: -1, high: 1 },
  kind: { type: "categorical", choices: ["a", "b"] },
  depth: { type: "int", low: 1, high: 3, when: { kind: ["b"] } },
} as const;
const memory = { name: "test", directory: null, metric, parameters, seed: 1 };

describe("createStudy with a function", () => {
  it("runs to its stop rule and gives the best trial, typed from the parameters", async () => {
    const study = await createStudy({
      ...memory,
      objective: async (params, trial) => {
        expectTypeOf(params).toEqualTypeOf<{
          readonly x: number;
          readonly kind: "a" | "b";
          readonly depth: number | undefined;
        }>();
        await trial.report({ step: 1, loss: params.x ** 2 });
        return { loss: params.x ** 2 };
      },
      stop: { trials: 20 },
    });
    const result = await study.run();
    await study.close();
    expectTypeOf(result.best?.params.kind).toEqualTypeOf<"a" | "b" | undefined>();
    expect(result).toMatchObject({ state: "finished", failed: false, reason: "all 20 trials asked for are done" });
    const values = result.trials.map(({ params }) => (params["x"] as number) ** 2);
    expect(result.best?.value).toBe(Math.min(...values));
    for (const { params } of result.trials) expect("depth" in params).toBe(params["kind"] === "b");
  });

  it("tells its events once they are durable, and a failure to whoever iterates", async () => {
    const study = await createStudy({ ...memory, objective: () => 1, stop: { trials: 3 } });
    const events: Recorded[] = [];
    for await (const event of study.run()) events.push(event);
    expect(events.map(({ seq }) => seq)).toEqual([...events.keys()]);
    expect(events.filter(({ type }) => type === "run-ended")).toHaveLength(3);
    expect(events.at(-1)?.type).toBe("study-finished");
    await study.close();
    await expect(study.run()).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(
      (async () => {
        for await (const _ of study.run());
      })(),
    ).rejects.toMatchObject({ code: "invalid-argument" });
  });

  it("maximizes when told to", async () => {
    const study = await createStudy({
      ...memory,
      metric: { name: "accuracy", goal: "maximize" },
      objective: ({ x }) => ({ accuracy: x }),
      stop: { trials: 10 },
    });
    const { best, trials } = await study.run();
    await study.close();
    expect(best?.value).toBe(Math.max(...trials.map(({ params }) => params["x"] as number)));
  });

  it("records what throws, and a loss that is no number, as failed trials with their causes, and goes on", async () => {
    const study = await createStudy({
      ...memory,
      objective: async (_, trial) => {
        if (trial.number === 1) throw new RangeError("out of luck");
        if (trial.number === 2) await trial.report({ step: 1, loss: Number.NaN });
        if (trial.number === 3) return Number.POSITIVE_INFINITY;
        if (trial.number === 4) return {};
        return 1;
      },
      stop: { trials: 6 },
    });
    const { trials } = await study.run();
    await study.close();
    expect(trials.map(({ state, cause }) => [state, cause?.kind, cause?.message])).toEqual([
      ["complete", undefined, undefined],
      ["failed", "error", expect.stringContaining("out of luck")],
      ["failed", "non-finite", "loss was NaN at step 1"],
      ["failed", "non-finite", "loss was Infinity in its result"],
      ["failed", "no-result", expect.stringContaining("loss")],
      ["complete", undefined, undefined],
    ]);
  });

  it("ends when the first three trials fail alike, with the cause", async () => {
    const study = await createStudy({
      ...memory,
      objective: (_, trial) => {
        throw new Error(`no data for trial ${trial.number}`);
      },
    });
    const result = await study.run();
    await study.close();
    expect(result).toMatchObject({ failed: true, reason: expect.stringContaining("no data for trial 0") });
    expect(result.trials).toHaveLength(3);
  });

  it("ends at its target, and after trials without a better best", async () => {
    const target = await createStudy({
      ...memory,
      objective: (_, { number }) => 10 - number,
      stop: { value: 5, trials: 100 },
    });
    const { reason, best } = await target.run();
    expect([best?.number, reason]).toEqual([5, "trial 5 reached loss 5, the target was 5"]);
    await target.close();
    const patient = await createStudy({
      ...memory,
      objective: (_, { number }) => Math.abs(number - 3),
      stop: { patience: 4 },
    });
    expect((await patient.run()).trials).toHaveLength(8);
    await patient.close();
  });

  it("is interrupted by a signal and resumed where it was", async () => {
    const name = "interrupted";
    const interruption = new AbortController();
    const calls: number[] = [];
    const objective = async (
      _: unknown,
      trial: {
        number: number;
        attempt: number;
        report(report: { step: number; loss: number }): Promise<{ action: string }>;
        signal: AbortSignal;
      },
    ) => {
      calls.push(trial.number);
      if (trial.number === 2 && trial.attempt === 1) {
        interruption.abort();
        await new Promise((resolve) => trial.signal.addEventListener("abort", resolve));
        throw new Error("cut short");
      }
      return trial.number;
    };
    const study = await createStudy({ ...memory, name, directory, objective, stop: { trials: 5 } });
    expect(await study.run({ signal: interruption.signal })).toMatchObject({
      state: "interrupted",
      reason: "interrupted",
    });
    await study.close();
    await expect(resumeStudy({ name, directory })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("function"),
    });
    const again = await resumeStudy({ name, directory, objective });
    const result = await again.run();
    await again.close();
    expect(result.trials.map(({ state, runs }) => [state, runs.length])).toEqual([
      ["complete", 1],
      ["complete", 1],
      ["complete", 2],
      ["complete", 1],
      ["complete", 1],
    ]);
    expect(calls).toEqual([0, 1, 2, 2, 3, 4]);
    const more = await resumeStudy({ name, directory, objective, stop: { trials: 7 } });
    expect((await more.run()).trials).toHaveLength(7);
    await more.close();
  });
});

describe("createStudy on disk", () => {
  it("refuses a name that exists, and two processes at once, with what to do", async () => {
    const first = await createStudy({ ...memory, name: "taken", directory });
    await expect(createStudy({ ...memory, name: "taken", directory })).rejects.toMatchObject({ code: "study-locked" });
    await expect(resumeStudy({ name: "taken", directory })).rejects.toMatchObject({ code: "study-locked" });
    await first.close();
    await expect(createStudy({ ...memory, name: "taken", directory })).rejects.toMatchObject({
      code: "study-exists",
      message: expect.stringContaining('"hpo study resume taken"'),
    });
    await expect(resumeStudy({ name: "takn", directory })).rejects.toMatchObject({
      code: "study-not-found",
      message: expect.stringContaining('did you mean "taken"?'),
    });
  });

  it("begins anew where a coordinator died before its first line was whole", async () => {
    const study = await createStudy({ ...memory, name: "torn", directory });
    await study.close();
    const file = join(directory, "torn", "journal.jsonl");
    writeFileSync(file, readFileSync(file).subarray(0, 40));
    await expect(resumeStudy({ name: "torn", directory })).rejects.toMatchObject({ code: "study-not-found" });
    const again = await createStudy({ ...memory, name: "torn", directory });
    expect(again.history.trials).toEqual([]);
    await again.close();
  });

  it("gives every problem of a spec at once and leaves nothing behind", async () => {
    const bad = {
      ...memory,
      directory,
      name: "bad",
      parameters: { x: { type: "float", low: 2, high: 1 } },
      stop: { trials: 0 },
      strategy: "hyperbnd",
    } as const;
    await expect(createStudy(bad)).rejects.toMatchObject({
      code: "invalid-spec",
      issues: expect.arrayContaining([
        expect.objectContaining({ path: "strategy", hint: 'did you mean "hyperband"?' }),
        expect.objectContaining({ path: "stop.trials" }),
      ]),
    });
    expect(existsSync(join(directory, "bad"))).toBe(false);
  });
});

describe("a study that the program drives", () => {
  it("asks, reports and tells", async () => {
    const study = await createStudy({ ...memory, stop: { trials: 2 } });
    const first = await study.ask();
    expect(first).toMatchObject({ number: 0, run: 0, attempt: 1, budget: 1, startStep: 1 });
    if (first === undefined) return;
    expect(await study.report(first, { step: 1, loss: 0.7 })).toEqual({ action: "continue" });
    await study.tell(first, { loss: 0.5 });
    expect(study.best).toMatchObject({ number: 0, value: 0.5 });
    await expect(study.tell(first, { loss: 0.4 })).rejects.toMatchObject({ code: "run-closed" });
    await expect(study.report(first, { step: 2, loss: 0.4 })).rejects.toMatchObject({ code: "run-closed" });
    const second = await study.ask();
    await expect(study.ask()).rejects.toMatchObject({ code: "would-wait" });
    await study.tell(second as { run: number }, { state: "failed", cause: "no luck" });
    expect(await study.ask()).toBeUndefined();
    expect(study.history.trials[1]).toMatchObject({ state: "failed", cause: { kind: "error", message: "no luck" } });
    await study.close();
    await expect(study.ask()).rejects.toBeInstanceOf(HpoError);
  });

  it("hands out promotions of the same trial, with a larger budget", async () => {
    const study = await createStudy({ ...memory, strategy: "hyperband", budget: { min: 1, max: 3, unit: "epochs" } });
    const seen: [number, number, number][] = [];
    for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
      seen.push([trial.number, trial.run, trial.budget]);
      for (let step = trial.startStep; step <= trial.budget; step++)
        await study.report(trial, { step, loss: trial.number + 1 / step });
      await study.tell(trial, { loss: trial.number });
    }
    await study.close();
    expect(seen).toEqual([
      [0, 0, 1],
      [1, 1, 1],
      [2, 2, 1],
      [0, 3, 3],
      [3, 4, 3],
      [4, 5, 3],
    ]);
    expect(study.best).toMatchObject({ number: 0, budget: 3 });
  });

  it("closes a run that was stopped by one tell, and fails one whose loss is no number", async () => {
    const study = await createStudy({ ...memory, strategy: "random", budget: { max: 3 } });
    const over = (await study.ask()) as { run: number };
    await study.report(over, { step: 3, loss: 2 });
    expect(await study.report(over, { step: 4, loss: 1 })).toMatchObject({
      action: "stop",
      reason: expect.stringContaining("budget of 3 steps"),
    });
    expect(await study.report(over, { step: 5, loss: 0 })).toMatchObject({ action: "stop" });
    await study.tell(over, { state: "pruned" });
    expect(study.history.trials[0]).toMatchObject({ state: "complete", value: 2 });

    const diverged = (await study.ask()) as { run: number };
    expect(await study.report(diverged, { step: 1, loss: Number.NaN })).toEqual({
      action: "stop",
      reason: "loss was NaN at step 1",
    });
    await study.tell(diverged, { state: "pruned" });
    expect(study.history.trials[1]).toMatchObject({ state: "failed", value: undefined, cause: { kind: "non-finite" } });

    const pruned = (await study.ask()) as { run: number };
    await study.report(pruned, { step: 1, loss: 3 });
    await study.tell(pruned, { state: "pruned" });
    expect(study.history.trials[2]).toMatchObject({ state: "pruned", value: 3 });
    await study.close();
  });

  it("tries −0 as the 0 that a journal gives back", async () => {
    const zero = { x: -0, kind: "b", depth: 2 } as const;
    const study = await createStudy({ ...memory, enqueue: [zero] });
    await study.enqueue(zero);
    for (let trial = 0; trial < 2; trial++) expect((await study.ask())?.params).toStrictEqual({ ...zero, x: 0 });
    await study.close();
  });

  it("tries enqueued configurations next, as given, and refuses impossible ones with every problem", async () => {
    const study = await createStudy({ ...memory, enqueue: [{ x: 0.5, kind: "a" }] });
    await study.enqueue({ x: 0, kind: "b", depth: 2 });
    expect((await study.ask())?.params).toEqual({ x: 0.5, kind: "a" });
    expect((await study.ask())?.params).toEqual({ x: 0, kind: "b", depth: 2 });
    expect(study.history.trials[1]).toMatchObject({ source: "enqueued" });
    expect((await study.ask())?.params.x).not.toBe(0);
    await expect(study.enqueue({ x: 7, kind: "b", depth: undefined })).rejects.toMatchObject({
      issues: [expect.objectContaining({ path: "x" }), expect.objectContaining({ path: "depth" })],
    });
    await study.close();
  });

  it("says what is wrong with a call", async () => {
    const study = await createStudy(memory);
    const trial = (await study.ask()) as { run: number };
    await expect(study.report(trial, { step: -1, loss: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('"step" to be a number of at least 0, received -1'),
    });
    await expect(study.report(trial, { step: 1 })).rejects.toMatchObject({
      message: expect.stringContaining("at least one metric"),
    });
    await expect(study.tell(trial, { accuracy: 1 })).rejects.toMatchObject({
      code: "invalid-argument",
      message: 'tell: expected a value for loss, here or in a report, received {"accuracy":1}',
    });
    await expect(study.tell(trial, { state: "done" } as never)).rejects.toMatchObject({
      message: expect.stringContaining('"pruned" or "failed"'),
    });
    await expect(study.run()).rejects.toMatchObject({ message: expect.stringContaining("tell their results first") });
    await study.tell(trial, 1);
    await expect(study.run()).rejects.toMatchObject({ message: expect.stringContaining("no objective") });
    await study.close();
  });
});
