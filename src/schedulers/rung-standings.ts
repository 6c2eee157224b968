import type { HistoryView, Outcome } from "../history/view.ts";
import { RankedList } from "./ranked-list.ts";

/** Fewer different values than these, and this share of a rung, make equal ones no twins. */
const LEAST_DISTINCT = 8;
const DISTINCT_SHARE = 0.1;
/** One trial in so many goes on whether it is the same as another or not. */
const CANARY_EVERY = 32;

/** A trial that completed its run on a rung, with the metric's value there. */
export interface Standing {
  readonly trial: number;
  readonly value: number;
}

/** One rung of a ladder. */
interface Rung {
  /** Trials whose run here has ended for good, failed ones included. */
  ended: number;
  /** Those that completed it, best first. */
  readonly ranked: RankedList<Standing>;
  /** Those of them that may still rest here, best first: who went on is taken out when it is met. */
  readonly resting: RankedList<Standing>;
  /** The value of each trial that completed it. */
  readonly values: Map<number, number>;
  /** For each value that went on, the next value that the first such trial came to. */
  readonly nextValues: Map<number, number>;
  /** How many different values there are. */
  distinct: number;
}

/** How the trials of bracket 0 stand on its rungs: a fold of a history's outcomes, which are only ever added to. */
export class RungStandings {
  /** Runs on the whole budget that have ended. */
  fullRuns = 0;
  /** Some run reported, completed a part of the budget and left no checkpoint: the objective saves none. */
  savesNone = false;
  /** Pairs of trials of equal value on a rung that were equal, or not, on the next one. */
  #stayedEqual = 0;
  #parted = 0;
  readonly #history: HistoryView;
  readonly #rungs: readonly Rung[];
  #followed = 0;

  /** @param rungs how many rungs there are */
  constructor(history: HistoryView, rungs: number) {
    this.#history = history;
    // Of equal ones the older trial is better.
    const compare = (a: Standing, b: Standing): number => history.compare(a.value, b.value) || a.trial - b.trial;
    this.#rungs = Array.from({ length: rungs }, () => ({
      ended: 0,
      ranked: new RankedList(compare),
      resting: new RankedList(compare),
      values: new Map(),
      nextValues: new Map(),
      distinct: 0,
    }));
  }

  /** Takes in the outcomes that are new. */
  follow(): void {
    const { outcomes, runs, maxBudget } = this.#history;
    for (; this.#followed < outcomes.length; this.#followed++) {
      const outcome = outcomes[this.#followed] as Outcome;
      const { trial, run, kind, budget, value, saved } = outcome;
      if (budget === maxBudget) this.fullRuns++;
      if (!this.savesNone && kind === "completed" && budget < maxBudget && !saved)
        this.savesNone = outcome.curve.length > 0;
      const rung = this.#rungs[runs[run]?.placement?.rung ?? -1];
      if (rung === undefined) continue;
      rung.ended++;
      if (kind !== "completed") continue;
      const standing = { trial, value: value as number };
      if (!isThere(rung.ranked, standing.value)) rung.distinct++;
      rung.ranked.add(standing);
      rung.resting.add(standing);
      rung.values.set(trial, standing.value);
      this.#compareWithTwin(trial, rung, standing.value);
    }
  }

  /** What became of two trials that were equal one rung below. */
  #compareWithTwin(trial: number, rung: Rung, value: number): void {
    const below = this.#rungs[this.#rungs.indexOf(rung) - 1];
    const before = below?.values.get(trial);
    if (below === undefined || before === undefined) return;
    const twin = below.nextValues.get(before);
    if (twin === undefined) below.nextValues.set(before, value);
    else if (twin === value) this.#stayedEqual++;
    else this.#parted++;
  }

  /**
   * Whether a trial is the same as an older one of its rung: of equal value, in a study where such trials all stayed equal, as
   * they do where a parameter has no effect. Where a rung has few different values equality says nothing: the metric is coarse,
   * or stands still at first. And one trial in some is no twin to anybody, like a canary, and tells whether they part later.
   */
  isTwin(rung: number, standing: Standing): boolean {
    const { ranked, distinct } = this.#rungs[rung] as Rung;
    if (this.#parted > 0 || this.#stayedEqual === 0 || standing.trial % CANARY_EVERY === 0) return false;
    if (distinct < Math.max(LEAST_DISTINCT, ranked.length * DISTINCT_SHARE)) return false;
    return ranked.lastBefore(standing)?.value === standing.value;
  }

  /** Trials that rest on a rung, best first. Whoever needs few of them does not look at the others. */
  resting(rung: number): Iterable<Standing> {
    return (this.#rungs[rung] as Rung).resting.kept((standing) => this.#rests(standing, rung));
  }

  /** How many trials have ended their run on a rung. */
  ended(rung: number): number {
    return (this.#rungs[rung] as Rung).ended;
  }

  /** The best trial that rests on a rung. */
  best(rung: number): Standing | undefined {
    const { resting } = this.#rungs[rung] as Rung;
    for (let { first } = resting; first !== undefined && !this.#rests(first, rung); first = resting.first)
      resting.removeFirst();
    return resting.first;
  }

  /** The worst trial that rests on a rung. */
  worst(rung: number): Standing | undefined {
    const { resting } = this.#rungs[rung] as Rung;
    for (let { last } = resting; last !== undefined && !this.#rests(last, rung); last = resting.last)
      resting.removeLast();
    return resting.last;
  }

  /** How many of a rung come before one that completed it: the better ones, and of equal ones the older. */
  before(rung: number, standing: Standing): number {
    return (this.#rungs[rung] as Rung).ranked.before(standing);
  }

  /** How many of a rung have a better value than one that completed it. */
  better(rung: number, { value }: Standing): number {
    return (this.#rungs[rung] as Rung).ranked.before({ trial: -1, value });
  }

  #rests({ trial }: Standing, rung: number): boolean {
    const view = this.#history.trials[trial];
    return view?.state === "paused" && view.runs.at(-1)?.placement?.rung === rung;
  }
}

/** Whether a trial has a value. Whoever has one like it comes right before a trial with that value which is younger than all. */
function isThere(ranked: RankedList<Standing>, value: number): boolean {
  return ranked.lastBefore({ trial: Infinity, value })?.value === value;
}
