import type { Recorded } from "../../history/events.ts";
import { Incumbent } from "../../history/incumbent.ts";
import type { HistoryView, RunView } from "../../history/view.ts";
import { shownInWords } from "../../views/safety-words.ts";
import { afterBudget, bestInWords } from "../../views/study-words.ts";
import { evictionInWords, leftInWords, lostInWords } from "../../views/checkpoint-words.ts";
import { inDigits, oneLine, paramsInWords, reasonInWords } from "../../views/words.ts";

export const HAPPENINGS = [
  "started",
  "ended",
  "best",
  "promoted",
  "dropped",
  "stopped",
  "shadowed",
  "failed",
  "fallback",
  "checkpoint",
  "slot",
  "interrupted",
  "disk",
  "enqueued",
  "asked",
  "noted",
] as const;
/** Kinds of things worth telling, each with its own look. */
export type HappeningKind = (typeof HAPPENINGS)[number];

/** Something worth telling, in one line of words. */
export interface Happening {
  readonly kind: HappeningKind;
  /** Such as "trial 12", or "" when it is about the study. */
  readonly who: string;
  readonly text: string;
}

/** Turns a running study's events into words, in their order. */
export class Narrator {
  readonly #history: HistoryView;
  readonly #incumbent = new Incumbent();
  readonly #told = new Set<string>();

  /** @param history the study's own, which the events may lag behind; its best is what later ones must beat */
  constructor(history: HistoryView) {
    this.#history = history;
    this.#incumbent.best = history.best;
  }

  tell(event: Recorded): readonly Happening[] {
    switch (event.type) {
      case "run-started":
        return [this.#started(event)];
      case "run-ended":
        return this.#ended(this.#history.runs[event.run] as RunView);
      case "trial-dropped":
        return [{ kind: "dropped", who: `trial ${event.trial}`, text: reasonInWords(event.reason) }];
      case "run-shadowed": {
        const { trial } = this.#history.runs[event.run] as RunView;
        return [{ kind: "shadowed", who: `trial ${trial}`, text: reasonInWords(event.reason) }];
      }
      case "enqueued":
        return [{ kind: "enqueued", who: "", text: `enqueued, tried next: ${paramsInWords(event.params, 4)}` }];
      case "trial-stop-requested":
        return [{ kind: "asked", who: `trial ${event.trial}`, text: "is to end: you asked for it" }];
      case "noted":
        return [{ kind: "noted", who: event.trial === null ? "" : `trial ${event.trial}`, text: oneLine(event.text) }];
      case "trial-created":
        return [
          ...(event.fallback === undefined
            ? []
            : [{ kind: "fallback" as const, who: `trial ${event.trial}`, text: oneLine(event.fallback) }]),
          ...this.#substituted(event.substitute),
        ];
      case "checkpoint-evicted":
        return [{ kind: "checkpoint", who: `trial ${event.trial}`, text: evictionInWords(event) }];
      case "checkpoints-exceeded":
        return [{ kind: "checkpoint", who: "", text: oneLine(event.reason) }];
      case "checkpoint-lost":
        return [{ kind: "checkpoint", who: `trial ${event.trial}`, text: lostInWords(event) }];
      case "checkpoint-left":
        return [{ kind: "checkpoint", who: `trial ${event.trial}`, text: leftInWords(event) }];
      case "slot-waits":
        return [{ kind: "slot", who: event.slot, text: oneLine(`waits: ${event.reason}`) }];
      case "slot-ready":
        return [{ kind: "slot", who: event.slot, text: "takes runs again" }];
      case "disk-checked":
        return [
          { kind: "disk", who: "", text: oneLine(event.full ? `the disk is full: ${event.message}` : event.message) },
        ];
      case "study-created":
      case "session-started":
      case "session-ended":
      case "time-elapsed":
      case "reported":
      case "checkpoint-saved":
      case "run-stopped":
      case "study-finished":
        return [];
    }
  }

  /** Once is enough. */
  #substituted(reason: string | undefined): readonly Happening[] {
    if (reason === undefined || this.#told.has(reason)) return [];
    this.#told.add(reason);
    return [{ kind: "slot", who: "", text: oneLine(reason) }];
  }

  #started({ trial, attempt, reason }: Extract<Recorded, { type: "run-started" }>): Happening {
    const who = `trial ${trial}`;
    if (reason.startsWith("promoted")) return { kind: "promoted", who, text: reasonInWords(reason) };
    const params = this.#history.trials[trial]?.params ?? {};
    const words = attempt === 1 ? `${reasonInWords(reason)}; ${paramsInWords(params, 4)}` : reasonInWords(reason);
    return { kind: "started", who, text: words };
  }

  #ended(run: RunView): readonly Happening[] {
    const who = `trial ${run.trial}`;
    if (run.state === "completed" && run.value !== undefined) return this.#completed(run, run.value);
    if (run.state === "failed") {
      const after = run.lastReport === undefined ? "" : ` (after step ${run.lastReport.step})`;
      return [{ kind: "failed", who, text: `${oneLine(run.cause?.message ?? "unknown")}${after}` }];
    }
    if (run.state === "lost") return [this.#lost(run, who)];
    return [{ kind: "stopped", who, text: reasonInWords(run.stopReason ?? "it ended as stopped") }];
  }

  #lost({ cause, slot, lostReason = "" }: RunView, who: string): Happening {
    if (cause === undefined)
      return { kind: "slot", who, text: `starts again: ${slot} did not serve it: ${oneLine(lostReason)}` };
    const waits = cause.kind === "disk" ? "; nothing starts until there is room" : "";
    return { kind: "interrupted", who, text: `${oneLine(cause.message)}${waits}` };
  }

  #completed(run: RunView, value: number): readonly Happening[] {
    const history = this.#history;
    const who = `trial ${run.trial}`;
    const trial = history.trials[run.trial];
    const text = `${history.settings.metric.name} ${inDigits(value)}${afterBudget(history, run.budget)}${trial === undefined ? "" : shownInWords(history, trial)}`;
    const ended: Happening = { kind: "ended", who, text };
    const improved =
      trial !== undefined && this.#incumbent.offer(trial, run.budget, value, (a, b) => history.compare(a, b));
    const { best } = this.#incumbent;
    if (!improved || best === undefined) return [ended];
    return [ended, { kind: "best", who: "", text: bestInWords(best, history, 4) }];
  }
}

const VERBS: Readonly<Record<HappeningKind, string>> = {
  started: "started: ",
  ended: "ended: ",
  best: "best so far: ",
  promoted: "",
  dropped: "",
  stopped: "",
  shadowed: "",
  failed: "failed: ",
  fallback: "was suggested without a model: ",
  checkpoint: "",
  slot: "",
  interrupted: "interrupted, starts again: ",
  disk: "",
  enqueued: "",
  asked: "",
  noted: "noted: ",
};

/** A happening as a line of a log: "trial 4 ended: loss 0.31 after 3 epochs". */
export function inOneLine({ kind, who, text }: Happening): string {
  return `${who === "" ? "" : `${who} `}${VERBS[kind]}${text}`;
}
