import { expect, test } from "vitest";
import type { Dispatcher } from "../../src/workers/dispatcher.ts";
import { eventually } from "../support/eventually.ts";
import { orderRun, recordRun, runToEnd } from "../support/run-recorder.ts";

/**
 * What every dispatcher keeps. `open` opens one whose objective reports the loss 1, …, budget at its steps, ends when it
 * is told to stop, and completes with the last loss; with the parameter `hang` it reports once and then does nothing.
 */
export function dispatcherSuite(open: () => Dispatcher): void {
  test("reports come in order, then one outcome", async () => {
    const run = await runToEnd(open());
    expect(run.reports).toEqual([1, 2, 3].map((step) => ({ step, metrics: { loss: step } })));
    expect(run.outcomes).toEqual([{ kind: "completed", metrics: { loss: 3 } }]);
  });

  test("a run goes from its first step to its budget", async () => {
    const run = await runToEnd(open(), { budget: 1 });
    expect(run.reports).toEqual([{ step: 1, metrics: { loss: 1 } }]);
  });

  test("a slot takes one run after another, from within the end of the one before", async () => {
    const dispatcher = open();
    const second = recordRun();
    const first = recordRun();
    dispatcher.start(orderRun(), {
      ...first,
      ended(outcome) {
        first.ended(outcome);
        dispatcher.start(orderRun({ run: 1 }), second);
      },
    });
    expect(await second.outcome).toMatchObject({ kind: "completed" });
    expect([first.outcomes.length, second.outcomes.length]).toEqual([1, 1]);
  });

  test("a decision to stop ends the run as stopped", async () => {
    const run = await runToEnd(open(), {}, { decide: () => ({ action: "stop", reason: "enough" }) });
    expect(run.outcomes).toEqual([{ kind: "stopped" }]);
  });

  test("stop ends a run that hangs, once, and unknown runs are ignored", async () => {
    const dispatcher = open();
    const recorder = recordRun();
    dispatcher.start(orderRun({ params: { hang: true } }), recorder);
    await eventually("it reports", () => recorder.reports.length === 1);
    dispatcher.stop(99, "unknown");
    dispatcher.stop(0, "enough");
    dispatcher.stop(0, "again");
    expect(await recorder.outcome).toEqual({ kind: "stopped" });
    dispatcher.stop(0, "too late");
    const next = await runToEnd(dispatcher, { run: 1 });
    expect(next.outcomes).toMatchObject([{ kind: "completed" }]);
    expect(recorder.outcomes.length).toBe(1);
  });

  test("stop right after start ends the run", async () => {
    const dispatcher = open();
    const recorder = recordRun();
    dispatcher.start(orderRun({ params: { hang: true } }), recorder);
    dispatcher.stop(0, "enough");
    expect(await recorder.outcome).toEqual({ kind: "stopped" });
  });

  test("close ends every run, twice is once, and nothing starts afterwards", async () => {
    const dispatcher = open();
    const recorder = recordRun();
    dispatcher.start(orderRun({ params: { hang: true } }), recorder);
    await Promise.all([dispatcher.close(), dispatcher.close()]);
    expect(recorder.outcomes).toEqual([{ kind: "stopped" }]);
    const late = await runToEnd(dispatcher, { run: 1 });
    expect(late.outcomes).toMatchObject([{ kind: "failed", cause: { kind: "launch" } }]);
  });
}
