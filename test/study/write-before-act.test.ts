import { describe, expect, it } from "vitest";
import { JOURNAL_VERSION, type Recorded } from "../../src/history/events.ts";
import { Coordinator } from "../../src/study/coordinator.ts";
import { Decider } from "../../src/study/decider.ts";
import { ENGINE } from "../../src/study/engine.ts";
import { resolveSpec } from "../../src/study/resolve.ts";
import { runStudy } from "../../src/study/run-study.ts";
import type { RunListener, RunOrder } from "../../src/workers/dispatcher.ts";
import { RecordingJournal, VirtualDispatcher } from "../support/virtual-study.ts";

describe("write before act", () => {
  it("starts a run, and tells an event, only when the journal has it for good", async () => {
    const settings = resolveSpec(
      {
        name: "test",
        metric: { name: "loss", goal: "minimize" },
        parameters: { x: { type: "float", low: 0, high: 1 } },
        budget: { min: 1, max: 9 },
        seed: 1,
      },
      { subject: "the test's spec", specFolder: "/", studyFolder: null, objective: "function" },
    );
    const journal = new RecordingJournal();
    const durable = (event: Recorded): boolean => event.seq < journal.durable;
    let started = 0;
    class Watched extends VirtualDispatcher {
      override start(order: RunOrder, listener: RunListener): void {
        started++;
        const event = journal.events.find((each) => each.type === "run-started" && each.run === order.run);
        expect(event === undefined ? false : durable(event)).toBe(true);
        super.start(order, listener);
      }
    }
    const dispatcher = new Watched(3, { loss: ({ params }, step) => Number(params["x"]) / step });
    const coordinator = new Coordinator(new Decider(), journal, { now: () => dispatcher.time });
    let told = 0;
    coordinator.subscribe((event) => {
      expect(event.seq).toBe(told++);
      expect(durable(event)).toBe(true);
    });
    coordinator.record({ type: "study-created", version: JOURNAL_VERSION, engine: ENGINE, settings });
    coordinator.startSession({});
    const signal = new AbortController().signal;
    await runStudy({ coordinator, dispatcher, folder: null, objective: () => null, signal });
    expect(started).toBe(coordinator.history.runs.length);
    expect(told).toBe(journal.events.length);
  });
});
