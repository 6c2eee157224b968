import type { BudgetSettings } from "../history/settings.ts";
import type { HistoryView, RungEntry, TrialView } from "../history/view.ts";
import { inUnits } from "./rung-budgets.ts";
import type { Next, Scheduler } from "./scheduler.ts";

/**
 * Hyperband: brackets of synchronous successive halving that trade many trials on small budgets against few on large ones.
 * Li, Jamieson, DeSalvo, Rostamizadeh, Talwalkar, "Hyperband: a novel bandit-based approach to hyperparameter
 * optimization", JMLR 18 (2018), Algorithm 1. While a rung waits for its last runs, the next bracket starts, so that slots
 * stay busy. A failed trial counts as worst.
 */

/** One rung: how many trials it takes, and the budget of each. */
export interface Rung {
  readonly size: number;
  readonly budget: number;
}

/**
 * The brackets of one round, the one with the most trials first.
 *
 * @returns for each s = s_max … 0 the rungs i = 0 … s with n_i = ⌊n·η⁻ⁱ⌋ trials of budget r_i = R·η⁻ˢ·ηⁱ, where
 *   n = ⌈(s_max+1)/(s+1)·ηˢ⌉ and s_max is the largest s with min·ηˢ ≤ R. Budgets are whole where `min` and `max` are.
 */
export function hyperbandBrackets(settings: BudgetSettings): readonly (readonly Rung[])[] {
  const { min, max, eta } = settings;
  // Counted, not computed: the quotient of two logarithms falls below the integer (log 243 / log 3 < 5).
  let sMax = 0;
  for (let power = eta; min * power <= max * (1 + 1e-12); power *= eta) sMax++;
  const brackets: Rung[][] = [];
  for (let s = sMax; s >= 0; s--) {
    const n = Math.ceil(((sMax + 1) / (s + 1)) * eta ** s - 1e-9);
    const rungs: Rung[] = [];
    for (let i = 0; i <= s; i++) {
      const budget = i === s ? max : inUnits(settings, max * eta ** (i - s));
      rungs.push({ size: Math.max(1, Math.floor(n * eta ** -i + 1e-9)), budget });
    }
    brackets.push(rungs);
  }
  return brackets;
}

/** How many trials one full round starts: the sum of the brackets' first rungs. */
export function hyperbandRound(budget: BudgetSettings): number {
  return hyperbandBrackets(budget).reduce((sum, rungs) => sum + (rungs[0] as Rung).size, 0);
}

/** The budgets of all brackets' rungs, ascending: those of the first bracket, of which the others have the last ones. */
export function hyperbandRungs(budget: BudgetSettings): readonly number[] {
  return (hyperbandBrackets(budget)[0] as readonly Rung[]).map((rung) => rung.budget);
}

export function createHyperbandScheduler(settings: BudgetSettings): Scheduler {
  const round = hyperbandBrackets(settings);
  const shape = (bracket: number): readonly Rung[] => round[bracket % round.length] as readonly Rung[];

  // The brackets of a history that are over for good: they need no second look.
  const settled = new WeakMap<HistoryView, Settled>();

  const next = (history: HistoryView, canSample: boolean): Next => {
    const over = settled.get(history) ?? { first: 0, beyond: new Set<number>() };
    settled.set(history, over);
    for (let bracket = over.first; bracket < history.brackets; bracket++) {
      if (over.beyond.has(bracket)) continue;
      const step = nextInBracket(history, bracket, shape(bracket), canSample);
      if (step === "settled") over.beyond.add(bracket);
      else if (step !== "waits") return step;
      while (over.beyond.delete(over.first)) over.first++;
    }
    if (canSample) return sample(history, history.brackets, shape(history.brackets), 0);
    return history.openRuns.length > 0 ? { kind: "wait" } : { kind: "done" };
  };
  return { next, decide: () => ({ kind: "continue" }), promise: (history) => promiseOf(history, shape) };
}

interface Settled {
  /** The first bracket that is not over; all before it are. */
  first: number;
  /** The brackets after it that are. */
  readonly beyond: Set<number>;
}

function nextInBracket(
  history: HistoryView,
  bracket: number,
  shape: readonly Rung[],
  canSample: boolean,
): Next | "waits" | "settled" {
  const rungs = history.rungs(bracket);
  const first = rungs[0] ?? [];
  // A bracket that was closed short, for lack of trials, is not opened again when a resume allows more.
  const filling =
    rungs.length === 1 && first.length < (shape[0] as Rung).size && !first.some((entry) => isDropped(history, entry));
  if (filling && canSample) return sample(history, bracket, shape, first.length);
  for (let rung = 0; rung + 1 < shape.length && rung < rungs.length; rung++) {
    const entries = rungs[rung] as readonly RungEntry[];
    if (entries.some((entry) => entry.state === "open")) return "waits";
    const step = settleRung(history, bracket, rung, shape);
    if (step !== undefined) return step;
  }
  return filling ? "waits" : "settled";
}

function sample(history: HistoryView, bracket: number, shape: readonly Rung[], taken: number): Next {
  const { size, budget } = shape[0] as Rung;
  return {
    kind: "sample",
    budget,
    placement: { bracket, rung: 0 },
    reason: `starts with ${history.words(budget)}, as ${taken + 1} of ${size} in bracket ${bracket}`,
  };
}

/** A rung whose runs have all ended: first the losers are dropped, then the winners go on, best first. */
function settleRung(history: HistoryView, bracket: number, rung: number, shape: readonly Rung[]): Next | undefined {
  const entries = history.rungs(bracket)[rung] as readonly RungEntry[];
  const { size, budget } = shape[rung] as Rung;
  // Who was stopped by a user while it rested here takes no place from those that rest on.
  const isGone = ({ trial }: RungEntry): boolean => isStopped(history, trial) && onRung(history, trial, rung);
  const target = shape[rung + 1] as Rung;
  const ranked = entries
    .filter((entry) => entry.state === "completed" && !isGone(entry))
    .toSorted((a, b) => history.compare(a.value as number, b.value as number) || a.trial - b.trial);
  // A rung with fewer trials than planned, for lack of trials, promotes the same share of them.
  const promoted =
    entries.length >= size ? target.size : Math.max(1, Math.floor((entries.length * target.size) / size));
  const standing = (rank: number, value: number | undefined): string =>
    `${value} after ${history.words(budget)} is rank ${rank + 1} of ${entries.length} in bracket ${bracket}`;
  const limit = ranked[promoted - 1];
  const paused = (entry: RungEntry): boolean =>
    history.trials[entry.trial]?.state === "paused" && onRung(history, entry.trial, rung);

  const loser = ranked.findIndex((entry, rank) => rank >= promoted && paused(entry));
  if (loser !== -1) {
    const { trial, value } = ranked[loser] as RungEntry;
    const goOn = promoted === 1 ? "only the best goes on, with" : `only the best ${promoted} go on, up to`;
    return { kind: "drop", trial, reason: `dropped: ${standing(loser, value)}; ${goOn} ${limit?.value}` };
  }
  const winner = ranked.findIndex((entry, rank) => rank < promoted && paused(entry));
  if (winner === -1) return undefined;
  const { trial, value } = ranked[winner] as RungEntry;
  return {
    kind: "promote",
    trial,
    budget: target.budget,
    placement: { bracket, rung: rung + 1 },
    reason: `promoted to ${history.words(target.budget)}: ${standing(winner, value)}`,
  };
}

/**
 * How far a paused trial is from being dropped: 1 for the best of its rung, falling to 1/p for the last of the p that the rung
 * may promote, and 0 for one that has p better ones already.
 */
function promiseOf(history: HistoryView, shape: (bracket: number) => readonly Rung[]): (trial: TrialView) => number {
  return (trial) => {
    const { placement, value } = trial.runs.at(-1) ?? {};
    if (placement === undefined || value === undefined) return 0;
    const { bracket, rung } = placement;
    const promoted = shape(bracket)[rung + 1]?.size ?? 0;
    const entries = history.rungs(bracket)[rung] ?? [];
    const better = entries.filter((entry) => entry.value !== undefined && history.compare(entry.value, value) < 0);
    return Math.max(0, 1 - better.length / promoted);
  };
}

function onRung(history: HistoryView, trial: number, rung: number): boolean {
  return history.trials[trial]?.runs.at(-1)?.placement?.rung === rung;
}

function isDropped(history: HistoryView, entry: RungEntry): boolean {
  const dropped = entry.state === "completed" && history.trials[entry.trial]?.state === "pruned";
  return dropped && !isStopped(history, entry.trial);
}

/** A user asked for its end. */
function isStopped(history: HistoryView, trial: number): boolean {
  return history.trials[trial]?.stopRequested === true;
}
