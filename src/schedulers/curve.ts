import { chanceToBeat } from "../curves/chance.ts";
import type { CurveEnd } from "../curves/curve-model.ts";
import { curveEnds, type CurveEnds } from "../history/curve-ends.ts";
import type { BudgetSettings } from "../history/settings.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import type { OptionRule, Options, OptionRules } from "../space/component-options.ts";
import { rungBudgets } from "./rung-budgets.ts";
import { RungStandings, type Standing } from "./rung-standings.ts";
import type { DecideTask, Next, Scheduler, Verdict } from "./scheduler.ts";
import { loosening, SHADOW } from "./shadow.ts";
import { isLastStep } from "./stopping-rule.ts";

export const CURVE_OPTIONS: CurveRules = {
  chance: {
    default: 5,
    low: 0,
    high: 50,
    meaning:
      "percent: a trial that rests goes on at the end of the study where its chance to end as the best is greater; a run that cannot rest is stopped below a fifth of it",
  },
  startup: {
    default: 2,
    low: 1,
    high: Infinity,
    whole: true,
    meaning: "full trainings before any run is stopped, where the objective saves no checkpoints",
  },
  shadow: SHADOW,
};

type CurveRules = Readonly<Record<"chance" | "startup" | "shadow", OptionRule>>;

/**
 * A run is judged at each of its reports, and one that is stopped does not come back: it must have so much less of a chance. A trial
 * that rests is judged once, at the end of the study.
 */
const STOPPED_SHARE = 0.2;

const CONTINUE: Verdict = { kind: "continue" };

/**
 * Trials start with the smallest budget and rest on rungs; a free slot goes on with the best 1/η of a rung, as in asynchronous
 * successive halving, and to the whole budget with the best 1/η² of the last one. But nobody is given up for a rank: when no new
 * trial comes, those go on whose curves, foretold from all others of the study, have a chance to end as the best, the greatest
 * chance first, and only the rest is dropped. Those that went on before were the best of their rung, and say little of how others
 * would: that chance is of a model that presumes little of curves unlike theirs.
 *
 * Where the objective saves no checkpoints, trials start with the whole budget, and are stopped for good at the report where
 * that chance has become small; there trials of all kinds were seen to go on. Where stops in the shadow were wrong, it has to be
 * smaller still.
 */
export function createCurveScheduler(
  settings: BudgetSettings,
  options: Options<OptionRules>,
  choose: Choose = promoteByRank,
): Scheduler {
  const { chance, startup, shadow } = options as Options<CurveRules>;
  const rungs = new CurveRungs(settings, chance / 100);
  const folds = new WeakMap<HistoryView, RungStandings>();
  return {
    shadow,
    next: (history, canSample) => {
      const standings = folds.get(history) ?? new RungStandings(history, rungs.budgets.length);
      folds.set(history, standings);
      standings.follow();
      if (!canSample) return rungs.finish(history, standings);
      return choose(history, standings, rungs) ?? rungs.sample(history, standings);
    },
    decide: (task) => decide(task, chance / 100, startup),
    promise: promiseByChance,
  };
}

/** Which trial that rests goes on before a new one is started; undefined for none. */
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
      const end = inWords(history, known, known.ends.get(standing.trial));
      const why = `rank ${rank + 1} of ${standings.ended(rung)} on rung ${rung}, ${end}`;
      return rungs.promotion(history, standings, rung, standing, why);
    }
  }
  return undefined;
};

/** A trial that is likelier to end as the best keeps its checkpoint longer. */
function promiseByChance(history: HistoryView): (trial: TrialView) => number {
  const known = curveEnds(history, history.outcomes);
  return ({ number }) => chanceOf(known, number);
}

/** @internal What schedulers do with rungs of trials whose ends are foretold. */
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

  sample(history: HistoryView, { savesNone }: RungStandings): Next {
    const full = history.maxBudget;
    if (savesNone || this.budgets.length === 1)
      return {
        kind: "sample",
        budget: full,
        reason: `starts with its full budget of ${history.words(full)}${savesNone ? ", since the objective saves no checkpoints" : ""}`,
      };
    const budget = this.budgets[0] as number;
    const reason = `starts with ${history.words(budget)}, on the lowest of ${this.budgets.length} rungs`;
    return { kind: "sample", budget, placement: { bracket: 0, rung: 0 }, reason };
  }

  promotion(
    history: HistoryView,
    { savesNone }: RungStandings,
    rung: number,
    { trial, value }: Standing,
    why: string,
  ): Next {
    // Whoever starts again from the first step is stopped by its curve, and rests on no rung.
    const budget = savesNone ? history.maxBudget : (this.budgets[rung + 1] as number);
    return {
      kind: "promote",
      trial,
      budget,
      ...(savesNone ? {} : { placement: { bracket: 0, rung: rung + 1 } }),
      reason: `promoted to ${history.words(budget)}: ${value} after ${history.words(this.budgets[rung] as number)}; ${why}`,
    };
  }

  /** No new trial comes: whoever has a chance goes on, and then the others are dropped. */
  finish(history: HistoryView, standings: RungStandings): Next {
    const known = curveEnds(history, history.outcomes);
    const resting = this.budgets.slice(0, -1).flatMap((_, rung) =>
      Array.from(standings.resting(rung), (standing) => ({
        rung,
        standing,
        chance: chanceOf(known, standing.trial),
        mean: known.cautious.get(standing.trial)?.mean ?? Infinity,
        twin: standings.isTwin(rung, standing),
      })),
    );
    resting.sort((a, b) => b.chance - a.chance || a.mean - b.mean || a.standing.trial - b.standing.trial);
    const { factor, words } = loosening(history.outcomes);
    const least = this.#chance * factor;
    const first = resting.find(({ chance, twin }) => !twin && chance > least);
    if (first !== undefined) {
      const why = `${inWords(history, known, known.cautious.get(first.standing.trial))}, the greatest of ${resting.length} that rest`;
      return this.promotion(history, standings, first.rung, first.standing, why);
    }
    if (history.openRuns.length > 0) return { kind: "wait" };
    const last = resting.at(-1);
    if (last === undefined) return { kind: "done" };
    const { trial } = last.standing;
    const why = last.twin
      ? `its values so far are those of an older trial`
      : `${inWords(history, known, known.cautious.get(trial))}; less than ${percent(least)} is too little${words}`;
    // Nothing is foretold of a twin by itself.
    const chance = last.twin ? {} : { chance: last.chance };
    return { kind: "drop", trial, reason: `dropped: no new trial comes, and ${why}`, ...chance };
  }
}

function decide(task: DecideTask, given: number, startup: number): Verdict {
  const { run, curve, outcomes, study } = task;
  const step = curve.at(-1)?.step ?? 0;
  // A run on a rung goes on to its budget.
  if (run.placement !== undefined || isLastStep(task, step)) return CONTINUE;
  const known = curveEnds(study, outcomes);
  const end = known.whole.size >= startup ? known.foretell(curve) : undefined;
  if (end === undefined || known.best === undefined) return CONTINUE;
  const chance = chanceToBeat(end, known.best);
  const { factor, words } = loosening(outcomes);
  const least = given * STOPPED_SHARE * factor;
  if (chance > least) return CONTINUE;
  const why = `${foretold(study, known, end, chance)}${words === "" ? "" : `; ${percent(least)} is too little${words}`}`;
  return { kind: "stop", reason: `stopped at step ${step}: ${why}`, chance };
}

/** The chance of a trial that has told something to end as the best; certain while no trial has come to the end. */
function chanceOf({ cautious, best }: CurveEnds, trial: number): number {
  const end = cautious.get(trial);
  return best === undefined ? 1 : end === undefined ? 0 : chanceToBeat(end, best);
}

/** What is foretold of a trial that rests. */
export function inWords(study: DecideTask["study"], known: CurveEnds, end: CurveEnd | undefined): string {
  if (end === undefined || known.best === undefined) return "no trial has come to the full budget yet";
  return foretold(study, known, end, chanceToBeat(end, known.best));
}

/** "loss is foretold to end at 0.38 ± 0.02, a chance of 1.3 % to beat 0.31, by 24 curves, 6 of them whole". */
function foretold(
  { settings }: DecideTask["study"],
  { best, ends, whole }: CurveEnds,
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  chance: number,
): string {
  const { name, goal } = settings.metric;
  const told = (loss: number): string => String(Number((goal === "maximize" ? -loss : loss).toPrecision(4)) + 0);
  return `${name} is foretold to end at ${told(mean)} ± ${Number(deviation.toPrecision(2))}, a chance of ${percent(chance)} to beat ${told(best as number)}, by ${ends.size} curves, ${whole.size} of them whole`;
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
