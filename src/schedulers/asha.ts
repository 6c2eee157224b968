import type { BudgetSettings } from "../history/settings.ts";
import type { HistoryView } from "../history/view.ts";
import type { OptionRule, OptionRules, Options } from "../space/component-options.ts";
import { rungBudgets } from "./rung-budgets.ts";
import { RungStandings, type Standing } from "./rung-standings.ts";
import { rungsReached, RungValues } from "./rung-values.ts";
import type { DecideTask, Next, Scheduler, Verdict } from "./scheduler.ts";
import { SHADOW } from "./shadow.ts";
import { isLastStep } from "./stopping-rule.ts";

export const ASHA_OPTIONS: AshaRules = { shadow: SHADOW };

type AshaRules = Readonly<Record<"shadow", OptionRule>>;

/**
 * Asynchronous successive halving. Li, Jamieson, Rostamizadeh, Gonina, Ben-tzur, Hardt, Recht, Talwalkar, "A system for
 * massively parallel hyperparameter tuning", MLSys 2020, Algorithm 2: a free slot promotes a trial that is among the best
 * 1/η of its rung, the highest rung first, or else starts a new one; nothing ever waits. A failed trial counts as worst.
 *
 * A promotion needs a checkpoint to go on from. Once a run has shown that the objective saves none, new trials start with
 * the whole budget instead, and are stopped at a rung where they are not among the best 1/η of those that came so far: the
 * stopping variant, as Syne Tune has it (Salinas et al., "Syne Tune", AutoML 2022).
 */
export function createAshaScheduler(settings: BudgetSettings, options: Options<OptionRules>): Scheduler {
  const { shadow } = options as Options<AshaRules>;
  const ladder = new Ladder(settings);
  const folds = new WeakMap<HistoryView, RungStandings>();
  const values = new WeakMap<DecideTask["study"], RungValues>();

  return {
    shadow,
    next: (history, canSample) => {
      const standings = folds.get(history) ?? new RungStandings(history, ladder.budgets.length);
      folds.set(history, standings);
      standings.follow();
      return ladder.next(history, standings, canSample);
    },
    decide: (task) => {
      const { run, study } = task;
      // On a rung, the budget is the end.
      if (run.placement !== undefined) return CONTINUE;
      const known =
        values.get(study) ?? new RungValues(ladder.below, study.settings.metric.name, (a, b) => study.compare(a, b));
      values.set(study, known);
      return ladder.decide(task, known);
    },
  };
}

/** How many trials one round starts: so many that η of them are promoted to the whole budget. */
export function ashaRound(settings: BudgetSettings): number {
  return Math.ceil(settings.eta ** rungBudgets(settings).length - 1e-9);
}

const CONTINUE: Verdict = { kind: "continue" };

class Ladder {
  readonly eta: number;
  /** Of all rungs, ascending; the last is the whole budget. */
  readonly budgets: readonly number[];
  /** Of all rungs but the last. */
  readonly below: readonly number[];

  constructor(settings: BudgetSettings) {
    this.eta = settings.eta;
    this.budgets = rungBudgets(settings);
    this.below = this.budgets.slice(0, -1);
  }

  next(history: HistoryView, standings: RungStandings, canSample: boolean): Next {
    const promoted = this.#promote(history, standings);
    if (promoted !== undefined) return promoted;
    const { openRuns } = history;
    // Where full runs are stopped at the rungs, nobody comes to rest on one any more.
    const settled = standings.savesNone && openRuns.every(({ placement }) => placement === undefined);
    const drop = (why: string): Next | undefined => this.#drop(history, standings, why);
    if (canSample)
      return (settled ? drop("the objective saves no checkpoints") : undefined) ?? this.#sample(history, standings);
    if (openRuns.length > 0) return { kind: "wait" };
    return this.#finish(history, standings) ?? drop("no new trial comes") ?? { kind: "done" };
  }

  /** How many of those that came to a rung go on. Where they are stopped there and not paused, one has to. */
  #quota(ended: number, least: 0 | 1): number {
    return Math.max(least, Math.floor(ended / this.eta + 1e-9));
  }

  #promoted(standings: RungStandings, rung: number): number {
    return this.#quota(standings.ended(rung), standings.savesNone ? 1 : 0);
  }

  #sample(history: HistoryView, { savesNone }: RungStandings): Next {
    const full = history.maxBudget;
    if (this.below.length === 0)
      return {
        kind: "sample",
        budget: full,
        placement: { bracket: 0, rung: 0 },
        reason: `starts with ${history.words(full)}, on the only rung`,
      };
    if (savesNone)
      return {
        kind: "sample",
        budget: full,
        reason: `starts with its full budget of ${history.words(full)}, since the objective saves no checkpoints; is stopped at a rung where it is not among the best 1/${this.eta}`,
      };
    const budget = this.budgets[0] as number;
    return {
      kind: "sample",
      budget,
      placement: { bracket: 0, rung: 0 },
      reason: `starts with ${history.words(budget)}, on the lowest of ${this.budgets.length} rungs`,
    };
  }

  /** The best trial that rests on the highest rung where one is among the best 1/η. */
  #promote(history: HistoryView, standings: RungStandings): Next | undefined {
    for (let rung = this.below.length - 1; rung >= 0; rung--) {
      const best = standings.best(rung);
      if (best === undefined || standings.before(rung, best) >= this.#promoted(standings, rung)) continue;
      const why = `${this.#standing(history, standings, rung, best)}, of which ${this.#goOn(standings, rung)}`;
      return standings.savesNone
        ? promotion(history, best, history.maxBudget, `${why}; the objective saves no checkpoints`, undefined)
        : promotion(history, best, this.budgets[rung + 1] as number, why, rung + 1);
    }
    return undefined;
  }

  /** Before a study ends without any full training, the best of the highest rung gets one; where it fails, the next, up to η. */
  #finish(history: HistoryView, standings: RungStandings): Next | undefined {
    if (history.best?.budget === history.maxBudget || standings.fullRuns >= this.eta) return undefined;
    for (let rung = this.below.length - 1; rung >= 0; rung--) {
      const best = standings.best(rung);
      if (best === undefined) continue;
      const why = `${this.#standing(history, standings, rung, best)}, the best that is left; no trial has completed a full training`;
      return promotion(history, best, history.maxBudget, why, standings.savesNone ? undefined : this.below.length);
    }
    return undefined;
  }

  /** Gives up what rests, from the worst of the lowest rung upwards. */
  #drop(history: HistoryView, standings: RungStandings, why: string): Next | undefined {
    for (const rung of this.below.keys()) {
      const worst = standings.worst(rung);
      if (worst === undefined) continue;
      const standing = this.#standing(history, standings, rung, worst);
      const reason = `dropped: ${standing}, of which ${this.#goOn(standings, rung)}; ${why}`;
      return { kind: "drop", trial: worst.trial, reason };
    }
    return undefined;
  }

  #goOn(standings: RungStandings, rung: number): string {
    const promoted = this.#promoted(standings, rung);
    return promoted === 0 ? "none goes on" : promoted === 1 ? "the best goes on" : `the best ${promoted} go on`;
  }

  /** "0.31 after 3 epochs is rank 2 of 17 on rung 1". */
  #standing(history: HistoryView, standings: RungStandings, rung: number, standing: Standing): string {
    const after = history.words(this.budgets[rung] as number);
    return `${standing.value} after ${after} is rank ${standings.before(rung, standing) + 1} of ${standings.ended(rung)} on rung ${rung}`;
  }

  decide(task: DecideTask, known: RungValues): Verdict {
    const { run, curve, outcomes, study } = task;
    const step = curve.at(-1)?.step ?? 0;
    if (isLastStep(task, step)) return CONTINUE;
    const { name } = study.settings.metric;
    for (const { rung, value } of rungsReached(curve, name, this.below)) {
      const { rank, of } = known.rank(outcomes, rung, run.trial, value);
      const quota = this.#quota(of, 1);
      if (rank <= quota) continue;
      const after = study.words(this.below[rung] as number);
      const goOn = quota === 1 ? "only the best goes on" : `only the best ${quota} go on`;
      return {
        kind: "stop",
        reason: `stopped at step ${step}: ${name} ${value} after ${after} is rank ${rank} of ${of} that came to rung ${rung}; ${goOn}, since the objective saves no checkpoints`,
      };
    }
    return CONTINUE;
  }
}

/** @param rung undefined for a run that is stopped at rungs, and pauses on none */
function promotion(
  history: HistoryView,
  { trial }: Standing,
  budget: number,
  why: string,
  rung: number | undefined,
): Next {
  return {
    kind: "promote",
    trial,
    budget,
    ...(rung === undefined ? {} : { placement: { bracket: 0, rung } }),
    reason: `promoted to ${history.words(budget)}: ${why}`,
  };
}
