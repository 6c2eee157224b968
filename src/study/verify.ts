import { isDeepStrictEqual } from "node:util";
import type { Recorded } from "../history/events.ts";
import { readJournal } from "../journal/read-journal.ts";
import { Decider } from "./decider.ts";
import type { RunAnswer } from "./decision.ts";
import { assertPossible, Difference } from "./possible-event.ts";
import { ENGINE } from "./engine.ts";
import type { Step } from "./next-step.ts";

/**
 * Replays a journal's inputs, computes every answer again from the history that it saw, and compares. Checksums only show
 * damage; here a changed suggestion, reason, promotion, drop or stop shows although its checksum was made to fit, and so
 * does an input that cannot have come or that the answers after it contradict. An input on which no answer depends, such as
 * a loss that changes no rank, cannot be told from the truth.
 */
export type VerifyResult =
  | {
      readonly kind: "verified";
      readonly events: number;
      readonly answers: number;
      /** Trials that another tool recorded: they are taken as it told them. */
      readonly imported?: number;
    }
  /** The first event that is not what the history before it implies; `line` counts from 1. */
  | {
      readonly kind: "different";
      readonly seq: number;
      readonly line: number;
      readonly type: string;
      readonly message: string;
    }
  /** Another version of the engine made it, whose answers may rightly differ, or another tool, which gave none. */
  | { readonly kind: "not-comparable"; readonly message: string };

/** What an answer carries beside what is computed: its frame, and what the world adds. */
const FRAME = new Set(["seq", "at", "seen", "slot", "objective", "substitute"]);

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
  const { imported, answers } = replay;
  if (result === undefined && imported !== undefined && answers === 0)
    return {
      kind: "not-comparable",
      message: `all of it was imported (${imported.from}): hpo has given no answer in it that could be computed again`,
    };
  const events = replay.decider.history.seq + 1;
  return (
    result ?? { kind: "verified", events, answers, ...(imported === undefined ? {} : { imported: imported.trials }) }
  );
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
  readonly decider = new Decider();
  answers = 0;
  /** As `decider` was when the next suggestion was asked for: suggestions that take long see an earlier history. */
  readonly #earlier = new Decider();
  #sinceEarlier: Recorded[] = [];
  #lastCreated = -1;
  /** The answer that the last report calls for. */
  #owed: RunAnswer | undefined;

  /** What another tool recorded: all up to the end of the first session. */
  imported: { readonly from: string; trials: number; open: boolean } | undefined;

  take(event: Recorded): void {
    if (event.type === "study-created" && event.imported !== undefined)
      this.imported = { from: event.imported.from, trials: 0, open: true };
    if (this.imported?.open === true) return this.#takeImported(event, this.imported);
    if (this.#owed !== undefined && event.type !== this.#owed.type) {
      const { type, run, reason } = this.#owed;
      const what = type === "run-stopped" ? `the stop of run ${run}` : `run ${run} to go on in the shadow`;
      throw new Difference(
        `expected ${what} ("${reason}"), which event ${event.seq - 1} calls for, found ${event.type}`,
      );
    }
    const { history } = this.decider;
    const owed = this.decider.owed();
    if (owed !== undefined) {
      sameAnswer({ ...owed }, event);
      same("the event it saw last", history.seq, (event as { readonly seen?: number }).seen);
    } else if ("seen" in event) this.#compare(event);
    if ("seen" in event) this.answers++;
    this.#owed = undefined;
    this.#apply(event);
    if (event.type === "reported") this.#owe(event.run);
  }

  /** Its answers were another tool's: that they can have been is all that shows. */
  #takeImported(event: Recorded, imported: { trials: number; open: boolean }): void {
    this.#apply(event);
    if (event.type === "trial-created") imported.trials++;
    if (event.type === "session-ended") imported.open = false;
  }

  #apply(event: Recorded): void {
    assertPossible(this.decider.history, event);
    this.decider.apply(event);
    if (this.decider.strategy.sampler.isSlow !== undefined) this.#sinceEarlier.push(event);
    if (event.type === "trial-created") this.#lastCreated = event.seq;
  }

  #owe(run: number): void {
    const { history } = this.decider;
    if (history.runs[run]?.lastReportSeq !== history.seq) return;
    this.#owed = this.decider.decide(run);
  }

  #compare(event: Recorded & { readonly seen: number }): void {
    const { history } = this.decider;
    if (this.#owed !== undefined) {
      same("the event it saw last", history.seq, event.seen);
      return sameAnswer({ ...this.#owed }, event);
    }
    if (history.finished !== undefined)
      throw new Difference(`expected nothing after the study's end, found ${event.type}`);
    const step = this.decider.next();
    if (step.kind !== "suggest") same("the event it saw last", history.seq, event.seen);
    sameAnswer(toEvent(step.kind === "suggest" ? this.#suggest(step.trial, event) : step), event);
  }

  /** The suggestion for a trial, made again from what it saw. */
  #suggest(trial: number, event: Recorded & { readonly seen: number }): Step {
    const { seen } = event;
    const substitute = event.type === "trial-created" ? event.substitute : undefined;
    const { history } = this.decider;
    const { samplerName, sampler } = this.decider.strategy;
    let from = this.decider;
    if (sampler.isSlow === undefined) same("the event it saw last", history.seq, seen);
    else {
      if (!(seen <= history.seq && seen >= this.#lastCreated))
        throw new Difference(`it saw event ${seen} last, expected one from ${this.#lastCreated} to ${history.seq}`);
      from = this.#earlier;
      const first = this.#sinceEarlier.findIndex(({ seq }) => seq > seen);
      const until = first === -1 ? this.#sinceEarlier.length : first;
      for (const later of this.#sinceEarlier.splice(0, until)) from.apply(later);
      same("what was asked for", { kind: "suggest", trial }, from.next());
    }
    return { kind: "create", trial, source: samplerName, ...sampler.suggest(from.task(trial), substitute) };
  }
}

/** The answer that a step is recorded as, without what the world adds. */
function toEvent(step: Step): Readonly<Record<string, unknown>> | undefined {
  switch (step.kind) {
    case "create": {
      const { kind: _, substitute: __, ...answer } = step;
      return { type: "trial-created", ...answer };
    }
    case "start": {
      const { kind: _, ...answer } = step;
      return { type: "run-started", ...answer };
    }
    case "drop": {
      const { kind: _, ...answer } = step;
      return { type: "trial-dropped", ...answer };
    }
    case "stop":
      return { type: "run-stopped", run: step.run, reason: step.reason };
    case "finish": {
      const { kind: _, ...answer } = step;
      return { type: "study-finished", ...answer };
    }
    case "suggest":
    case "wait":
      return undefined;
  }
}

function sameAnswer(expected: Readonly<Record<string, unknown>> | undefined, event: Recorded): void {
  same("kind of answer", expected?.["type"] ?? "nothing, since every slot has to wait", event.type);
  for (const [key, value] of Object.entries(expected ?? {})) same(key, value, event[key as keyof typeof event]);
  const foreign = Object.keys(event).filter((key) => !FRAME.has(key) && !Object.hasOwn(expected ?? {}, key));
  if (foreign.length > 0) throw new Difference(`found ${foreign.join(", ")}, which no such answer has`);
}

function same(what: string, expected: unknown, found: unknown): void {
  if (!isDeepStrictEqual(expected, found))
    throw new Difference(
      `${what}: the history implies ${JSON.stringify(expected)}, the journal says ${JSON.stringify(found)}`,
    );
}
