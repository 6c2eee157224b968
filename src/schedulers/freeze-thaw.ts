import type { CurveEnd } from "../curves/curve-model.ts";
import { expectedImprovement } from "../curves/student-t.ts";
import { curveEnds, type CurveEnds } from "../history/curve-ends.ts";
import type { BudgetSettings } from "../history/settings.ts";
import { costToResume } from "../history/cost-to-resume.ts";
import type { HistoryView, TrialView } from "../history/view.ts";
import type { Options, OptionRules } from "../space/component-options.ts";
import { type Choose, createCurveScheduler, inWords } from "./curve.ts";
import type { Standing } from "./rung-standings.ts";
import type { Scheduler } from "./scheduler.ts";

/** What a new trial may come to is judged by so many that came before it, the latest. */
const LATEST = 20;
/** So many trials start before any is thawed: fewer say nothing of what a new one may come to. */
const FIRST = 4;

/**
 * Thaws the trial that rests and promises most, or starts a new one: whichever has the greater expected improvement on the best
 * for each step of training that it still takes to the end. What a trial may come to is foretold from its curve, and what a new one
 * may come to from those of the latest. A trial whose checkpoint is there costs only what it has not done yet. After Swersky,
 * Snoek, Adams, "Freeze-thaw Bayesian optimization", arXiv 1406.3896, section 3, with expected improvement in place of the
 * entropy. At the end of the study it does as `curve` does.
 */
export function createFreezeThawScheduler(settings: BudgetSettings, options: Options<OptionRules>): Scheduler {
  return createCurveScheduler(settings, options, thaw);
}

/** The trial to thaw, where one promises more than a new one. */
const thaw: Choose = (history, standings, rungs) => {
  const known = curveEnds(history, history.outcomes);
  if (known.count < FIRST) return undefined;
  const best = known.best ?? lowest(known);
  const full = history.maxBudget;
  const fresh = expectedImprovement(fromLatest(known), best) / full;

  let most = fresh;
  let chosen: { readonly rung: number; readonly standing: Standing } | undefined;
  for (let rung = 0; rung < rungs.budgets.length - 1; rung++) {
    for (const standing of standings.resting(rung)) {
      const end = known.endOf(standing.trial);
      if (end === undefined) continue;
      const promise = expectedImprovement(end, best) / stepsLeft(history, standing.trial);
      if (promise <= most || standings.isTwin(rung, standing)) continue;
      most = promise;
      chosen = { rung, standing };
    }
  }
  if (chosen === undefined) return undefined;
  const { rung, standing } = chosen;
  const times =
    fresh > 0 ? `${Number((most / fresh).toPrecision(2))} times what a new trial promises` : "more than a new trial";
  return rungs.promotion(
    history,
    rung,
    standing,
    `thawed, since it promises ${times} for each step: ${inWords(history, known, known.endOf(standing.trial))}`,
  );
};

/**
 * Where a new trial may end: about the median of the latest, and as far below it as the better half of them is. Bad ones lie
 * too far above it to say anything of the good ones.
 */
function fromLatest({ ends }: CurveEnds): CurveEnd {
  const latest = [...ends.values()].slice(-LATEST).sort((a, b) => a.mean - b.mean);
  const { mean } = latest[Math.floor(latest.length / 2)] as CurveEnd;
  const better = latest.slice(0, Math.ceil(latest.length / 2));
  const squares = better.reduce((sum, end) => sum + (end.mean - mean) ** 2 + end.deviation ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / better.length) };
}

/**
 * What the end of a training still takes. When a checkpoint is removed for want of disk depends on timing: a reproducible study
 * takes it for kept.
 */
function stepsLeft({ trials, settings, maxBudget }: HistoryView, number: number): number {
  const trial = trials[number] as TrialView;
  return costToResume({ checkpoint: settings.parallel === null ? trial.checkpoint : trial.completedBudget }, maxBudget);
}

/** The lowest end that is foretold. */
function lowest({ ends }: CurveEnds): number {
  return [...ends.values()].reduce((least, { mean }) => Math.min(least, mean), Infinity);
}
