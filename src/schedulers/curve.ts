import { chanceToBeat } from "../curves/student-t.ts";
import type { CurveEnd } from "../curves/curve-model.ts";
import { curveEnds, type CurveEnds } from "../history/curve-ends.ts";
import type { BudgetSettings } from "../history/settings.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import type { OptionRule, OptionRules, Options } from "../space/component-options.ts";
import { BudgetUse } from "./budget-use.ts";
import { rungBudgets } from "./rung-budgets.ts";
import { RungStandings, type Standing } from "./rung-standings.ts";
import type { Next, Scheduler } from "./scheduler.ts";

export const CURVE_OPTIONS: CurveRules = {
  chance: {
    default: 5,
    low: 0,
    high: 50,
    meaning:
      "percent: at the end of the study a paused trial goes on while its chance to beat the best so far is greater",
  },
};

type CurveRules = Readonly<Record<"chance", OptionRule>>;

/**
 * Trials start with the smallest budget and pause on rungs. A free slot goes on with the best 1/η of a rung, as in asynchronous
 * successive halving, and to the whole budget with the best 1/η² of the last one. No trial is dropped for its rank: when no new
 * trial comes, those go on whose curves, predicted from all others of the study, have a chance to beat the best so far, the
 * greatest chance first, and only the rest is dropped. Those that went on before were the best of their rung, and say little about
 * the others: so that chance is a cautious model's.
 *
 * It is the same where the objective saves no checkpoints. A promoted run then repeats its first steps, which on rungs η apart
 * costs at most 1/(η − 1) of the training, and still nobody is stopped for good before all others are known.
 */
export function createCurveScheduler(
  settings: BudgetSettings,
  options: Options<OptionRules>,
  choose: Choose = promoteByRank,
): Scheduler {
  const { chance } = options as Options<CurveRules>;
  const rungs = new CurveRungs(settings, chance / 100);
  const folds = new WeakMap<HistoryView, { readonly standings: RungStandings; readonly use: BudgetUse }>();
  return {
    next: (history, canSample) => {
      const fold = folds.get(history) ?? {
        standings: new RungStandings(history, rungs.budgets.length),
        use: new BudgetUse(history),
      };
      folds.set(history, fold);
      const { standings, use } = fold;
      standings.follow();
      use.follow();
      if (!canSample) return rungs.finish(history, standings);
      return choose(history, standings, rungs) ?? rungs.sample(history, use);
    },
    decide: () => ({ kind: "continue" }),
    promise: promiseByChance,
  };
}

/** Which paused trial goes on before a new one is started; undefined for none. */
export type Choose = (history: HistoryView, standings: RungStandings, rungs: CurveRungs) => Next | undefined;

/**
 * The best of the highest rung where one is among the best 1/η and is no twin of another. A whole training costs most: it is for
 * those to whom fewer than 1/η² are better, which only differs from the best 1/η² where values are equal. What the others would
 * gain by it, the end of the study gives them.
 */
const promoteByRank: Choose = (history, standings, rungs) => {
  const last = rungs.budgets.length - 2;
  for (let rung = last; rung >= 0; rung--) {
    const share = standings.ended(rung) / rungs.eta + 1e-9;
    const [quota, mostBetter] = [Math.floor(share), Math.floor(rung === last ? share / rungs.eta : share)];
    for (const standing of standings.resting(rung)) {
      const rank = standings.before(rung, standing);
      if (rank >= quota || standings.better(rung, standing) >= mostBetter) break;
      if (standings.isTwin(rung, standing)) continue;
      const known = curveEnds(history, history.outcomes);
      const end = inWords(history, known, known.endOf(standing.trial));
      const why = `rank ${rank + 1} of ${standings.ended(rung)} on rung ${rung}, ${end}`;
      return rungs.promotion(history, rung, standing, why);
    }
  }
  return undefined;
};

/** A trial that is likelier to end as the best keeps its checkpoint longer. */
function promiseByChance(history: HistoryView): (trial: TrialView) => number {
  const known = curveEnds(history, history.outcomes);
  return ({ number }) => chanceOf(known, number);
}

/** A paused trial at the end of the study. */
interface Candidate {
  readonly rung: number;
  readonly standing: Standing;
  readonly end: CurveEnd | undefined;
  /** To end better than the best so far. */
  readonly chance: number;
}

/** @internal What schedulers do with rungs of trials whose ends are predicted. */
export class CurveRungs {
  /** Ascending; the last is the whole budget. */
  readonly budgets: readonly number[];
  readonly eta: number;
  readonly #chance: number;

  constructor(settings: BudgetSettings, chance: number) {
    this.budgets = rungBudgets(settings);
    this.eta = settings.eta;
    this.#chance = chance;
  }

  sample(history: HistoryView, use: BudgetUse): Next {
    const rung = use.firstRung(this.budgets);
    const budget = this.budgets[rung] as number;
    if (budget === history.maxBudget)
      return { kind: "sample", budget, reason: `starts with its full budget of ${history.words(budget)}` };
    const where = rung === 0 ? "the lowest" : `number ${rung + 1}`;
    const reason = `starts with ${history.words(budget)}, on ${where} of ${this.budgets.length} rungs`;
    return { kind: "sample", budget, placement: { bracket: 0, rung }, reason };
  }

  promotion(history: HistoryView, rung: number, { trial, value }: Standing, why: string): Next {
    const budget = this.budgets[rung + 1] as number;
    return {
      kind: "promote",
      trial,
      budget,
      placement: { bracket: 0, rung: rung + 1 },
      reason: `promoted to ${history.words(budget)}: ${value} after ${history.words(this.budgets[rung] as number)}; ${why}`,
    };
  }

  /** No new trial comes: paused trials go on while they have a chance, and then they are dropped. */
  finish(history: HistoryView, standings: RungStandings): Next {
    const known = curveEnds(history, history.outcomes);
    const { twins, candidates } = this.#paused(known, standings);
    const [first] = candidates;
    if (first !== undefined && first.chance > this.#chance) {
      const why = `${inWords(history, known, first.end)}, the greatest of ${candidates.length} that are paused`;
      return this.promotion(history, first.rung, first.standing, why);
    }
    if (history.openRuns.length > 0) return { kind: "wait" };
    const [twin] = twins;
    if (twin !== undefined) {
      const reason = "dropped: no new trial comes, and its values so far are those of an older trial";
      return { kind: "drop", trial: twin.trial, reason };
    }
    const last = candidates.at(-1);
    if (last === undefined) return { kind: "done" };
    const why = `${inWords(history, known, last.end)}; less than ${percent(this.#chance)} is too little`;
    const reason = `dropped: no new trial comes, and ${why}`;
    return { kind: "drop", trial: last.standing.trial, reason, chance: chanceAlone(last, candidates) };
  }

  /** Those that are paused, the greatest chance first; nothing is predicted of a twin by itself. */
  #paused(
    known: CurveEnds,
    standings: RungStandings,
  ): { readonly twins: readonly Standing[]; readonly candidates: readonly Candidate[] } {
    const twins: Standing[] = [];
    const candidates: Candidate[] = [];
    for (let rung = 0; rung < this.budgets.length - 1; rung++)
      for (const standing of standings.resting(rung)) {
        if (standings.isTwin(rung, standing)) twins.push(standing);
        else {
          const end = known.cautiousEndOf(standing.trial);
          candidates.push({ rung, standing, end, chance: chanceOf(known, standing.trial) });
        }
      }
    const meanOf = ({ end }: Candidate): number => end?.mean ?? Infinity;
    candidates.sort((a, b) => b.chance - a.chance || meanOf(a) - meanOf(b) || a.standing.trial - b.standing.trial);
    return { twins, candidates };
  }
}

/** The chance that one candidate beats the best so far and no other does: of those that are dropped these add up to at most 1. */
function chanceAlone(one: Candidate, candidates: readonly Candidate[]): number {
  return candidates.reduce((product, each) => product * (each === one ? each.chance : 1 - each.chance), 1);
}

/** The chance of a trial to end better than the best so far; certain while no trial has come to the end. */
function chanceOf(known: CurveEnds, trial: number): number {
  const end = known.cautiousEndOf(trial);
  return known.best === undefined ? 1 : end === undefined ? 0 : chanceToBeat(end, known.best);
}

/** "predicted final loss 0.38 ± 0.02: a 1.3 % chance to beat 0.31, by 24 curves, 6 of them whole". */
export function inWords(
  { settings }: Pick<HistoryView, "settings">,
  { best, count, whole }: CurveEnds,
  end: CurveEnd | undefined,
): string {
  if (end === undefined || best === undefined) return "no trial has come to the full budget yet";
  const { name, goal } = settings.metric;
  const told = (loss: number): string => String(Number((goal === "maximize" ? -loss : loss).toPrecision(4)) + 0);
  return `predicted final ${name} ${told(end.mean)} ± ${Number(end.deviation.toPrecision(2))}: a ${percent(chanceToBeat(end, best))} chance to beat ${told(best)}, by ${count} curves, ${whole.size} of them whole`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
