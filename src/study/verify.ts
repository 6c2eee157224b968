import { isDeepStrictEqual } from "node:util";
import type { Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import { readJournal } from "../journal/read-journal.ts";
import { decideRun } from "./decision.ts";
import { assertPossible, Difference } from "./possible-event.ts";
import { ENGINE } from "./engine.ts";
import { nextStep, type Step } from "./next-step.ts";
import { createStrategy, type Strategy } from "./strategy.ts";

/**
 * Replays a journal's inputs, computes every answer again from the history that it saw, and compares. Checksums only show
 * damage; here a changed suggestion, reason, promotion, drop or stop shows although its checksum was made to fit, and so
 * does an input that cannot have come or that the answers after it contradict. An input on which no answer depends, such as
 * a loss that changes no rank, cannot be told from the truth.
 */
export type VerifyResult =
  | { readonly kind: "verified"; readonly events: number; readonly answers: number }
  /** The first event that is not what the history before it implies; `line` counts from 1. */
  | {
      readonly kind: "different";
      readonly seq: number;
      readonly line: number;
      readonly type: string;
      readonly message: string;
    }
  /** Another version of the engine made it, whose answers may rightly differ. */
  | { readonly kind: "not-comparable"; readonly message: string };

/** What an answer carries beside what is computed: its frame, and what the world adds. */
const FRAME = new Set(["seq", "at", "seen", "slot", "objective"]);

/**
 * @param file a study's `journal.jsonl`
 * @throws HpoError "journal-damaged" for a line that cannot be read
 */
export function verifyStudy(file: string): VerifyResult {
  const replay = new Replay();
  let result: VerifyResult | undefined;
  readJournal(file, (event) => {
    result ??= check(replay, event);
  });
  return result ?? { kind: "verified", events: replay.history.seq + 1, answers: replay.answers };
}

function check(replay: Replay, event: Recorded): VerifyResult | undefined {
  const foreign = (event.type === "study-created" || event.type === "session-started") && event.engine !== ENGINE;
  if (foreign)
    return {
      kind: "not-comparable",
      message: `event ${event.seq} (${event.type}) was written by hpo ${event.engine}, this is hpo ${ENGINE}: its answers cannot be compared; verify it with that version`,
    };
  try {
    replay.take(event);
    return undefined;
  } catch (error) {
    if (!(error instanceof Difference) && !(error instanceof TypeError)) throw error;
    return { kind: "different", seq: event.seq, line: event.seq + 1, type: event.type, message: error.message };
  }
}

class Replay {
  readonly history = new History();
  answers = 0;
  #strategy: Strategy | undefined;
  /** The stop that the last report calls for. */
  #owed: { readonly run: number; readonly reason: string } | undefined;

  take(event: Recorded): void {
    if (event.type === "study-created") this.#strategy = createStrategy(event.settings);
    const strategy = this.#strategy as Strategy;
    if (this.#owed !== undefined && event.type !== "run-stopped")
      throw new Difference(
        `expected the stop of run ${this.#owed.run} ("${this.#owed.reason}"), which event ${event.seq - 1} calls for, found ${event.type}`,
      );
    if ("seen" in event) {
      this.#compare(event, strategy);
      this.answers++;
    }
    this.#owed = undefined;
    assertPossible(this.history, event);
    this.history.apply(event);
    if (event.type === "reported") this.#owe(event.run, strategy);
  }

  #owe(run: number, strategy: Strategy): void {
    if (this.history.runs[run]?.lastReportSeq !== this.history.seq) return;
    const verdict = decideRun(this.history, strategy, run);
    if (verdict.kind === "stop") this.#owed = { run, reason: verdict.reason };
  }

  #compare(event: Recorded & { readonly seen: number }, strategy: Strategy): void {
    same("the event it saw last", this.history.seq, event.seen);
    if (event.type === "run-stopped" && this.#owed !== undefined) {
      same("run", this.#owed.run, event.run);
      same("reason", this.#owed.reason, event.reason);
      return;
    }
    if (this.history.finished !== undefined)
      throw new Difference(`expected nothing after the study's end, found ${event.type}`);
    const step = nextStep(this.history, strategy);
    const expected = toEvent(step);
    same("kind of answer", expected?.["type"] ?? "nothing, since every slot has to wait", event.type);
    for (const [key, value] of Object.entries(expected ?? {})) same(key, value, event[key as keyof typeof event]);
    const foreign = Object.keys(event).filter((key) => !FRAME.has(key) && !Object.hasOwn(expected ?? {}, key));
    if (foreign.length > 0) throw new Difference(`found ${foreign.join(", ")}, which no such answer has`);
  }
}

/** The answer that a step is recorded as, without what the world adds. */
function toEvent(step: Step): Readonly<Record<string, unknown>> | undefined {
  switch (step.kind) {
    case "create":
      return {
        type: "trial-created",
        trial: step.trial,
        params: step.params,
        source: step.source,
        reason: step.reason,
      };
    case "start": {
      const { kind: _, ...answer } = step;
      return { type: "run-started", ...answer };
    }
    case "drop":
      return { type: "trial-dropped", trial: step.trial, reason: step.reason };
    case "stop":
      return { type: "run-stopped", run: step.run, reason: step.reason };
    case "finish":
      return { type: "study-finished", reason: step.reason, failed: step.failed };
    case "wait":
      return undefined;
  }
}

function same(what: string, expected: unknown, found: unknown): void {
  if (!isDeepStrictEqual(expected, found))
    throw new Difference(
      `${what}: the history implies ${JSON.stringify(expected)}, the journal says ${JSON.stringify(found)}`,
    );
}
