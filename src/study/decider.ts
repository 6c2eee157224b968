import type { Recorded } from "../history/events.ts";
import { History } from "../history/history.ts";
import { modernSettings } from "../history/settings.ts";
import { decideRun, type RunAnswer } from "./decision.ts";
import { type Eviction, nextEviction } from "./eviction.ts";
import { nextStep, startAgain, type Step } from "./next-step.ts";
import { OrderedHistory } from "./ordered-history.ts";
import { studyStop } from "./stop-rules.ts";
import { nextRequestedStop, type RequestedStop } from "./user-requests.ts";
import { createStrategy, type Strategy } from "./strategy.ts";

/**
 * Folds events and answers from them: what to do next, what to ask the sampler, whether a run goes on. In a reproducible
 * study of k runs at a time the answers come from an ordered history, in which run i starts after the ends of exactly the
 * runs 0 … i−k, whatever ended when: so they depend on no timing, and on no kill.
 */
export class Decider {
  readonly history: History = new History();
  #strategy: Strategy | undefined;
  #ordered: OrderedHistory | undefined;

  apply(event: Recorded): void {
    if (event.type === "study-created") {
      this.#strategy = createStrategy(event.settings);
      if (modernSettings(event.settings).parallel !== null) this.#ordered = new OrderedHistory();
    }
    this.history.apply(event);
    this.#ordered?.take(event, this.history);
    if (this.#ordered !== undefined) this.#advance(this.#ordered);
  }

  get strategy(): Strategy {
    if (this.#strategy === undefined) throw new TypeError("the study has no study-created event yet");
    return this.#strategy;
  }

  /** The next step of a study that has not finished. */
  next(): Step {
    return this.#ordered === undefined ? nextStep(this.history, this.strategy) : this.#nextInOrder(this.#ordered);
  }

  /** What the sampler needs to suggest the configuration of `trial`. */
  task(trial: number): unknown {
    return this.strategy.sampler.task(this.#ordered ?? this.history, trial);
  }

  /** The answer to a run's latest report; undefined when it goes on. */
  decide(run: number): RunAnswer | undefined {
    const outcomes = this.#ordered === undefined ? this.history.outcomes : this.#ordered.knownTo(run);
    return decideRun(this.history, this.strategy.scheduler, run, outcomes);
  }

  /**
   * What is to be answered at once after any event of a session, before anything else: checkpoints to give up, then stops that
   * users asked for, which a reproducible study refuses. A disk is full in no other order than that in which
   * it is written, so the real history answers in a reproducible study too: see src/README.md why no result depends on it.
   */
  owed(): Eviction | RequestedStop | undefined {
    if (this.history.sessionEnded) return undefined;
    return nextEviction(this.history, this.strategy.scheduler) ?? nextRequestedStop(this.history);
  }

  /** Whether a rule ends the study and the runs that are open. Ordered runs go on to their ends, unless time is up. */
  get endsRuns(): boolean {
    return this.#ordered === undefined ? studyStop(this.history) !== undefined : this.history.timeElapsed;
  }

  /** Folds the ends of the oldest runs as far as they are known, while nothing can be started without them. */
  #advance(ordered: OrderedHistory): void {
    while (ordered.oldest?.outcome !== undefined && this.#waits(ordered)) ordered.endOldest(this.history);
  }

  /** Whether nothing can be started before the oldest run ends. Where a rule ends the study, those that are open go on to their ends. */
  #waits(ordered: OrderedHistory): boolean {
    if (ordered.unended.length === ordered.settings.parallel) return true;
    const { kind } = nextStep(ordered, this.strategy);
    return kind === "wait" || kind === "stop";
  }

  #nextInOrder(ordered: OrderedHistory): Step {
    const { history } = this;
    // Time and disk are no matter of order: what is open is stopped as anywhere else.
    if (history.timeElapsed || history.disk.isFull) return nextStep(history, this.strategy);
    const lost = history.waiting.find((trial) => trial.runs.at(-1)?.state === "lost");
    if (lost !== undefined) return startAgain(history, lost);
    if (ordered.unended.length === ordered.settings.parallel) return { kind: "wait" };
    const step = nextStep(ordered, this.strategy);
    if (step.kind === "stop") return { kind: "wait" };
    if (step.kind !== "start") return step;
    const { runs } = history.trials[step.trial] as { readonly runs: readonly unknown[] };
    return { ...step, run: history.runs.length, attempt: runs.length + 1 };
  }
}
