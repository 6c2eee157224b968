import { CurveModel, type CurveEnd } from "../curves/curve-model.ts";
import { ladder } from "../curves/ladder.ts";
import { walk, type Curve, type Walk } from "../curves/walk.ts";
import type { HistoryView, Outcome, ReportView } from "./view.ts";

type Study = Pick<HistoryView, "settings" | "maxBudget">;

/** What a study's curves say of where others will end. Losses are to be minimised: a maximised metric has its sign changed. */
export interface CurveEnds {
  /** Where the trials end that have an outcome and did not fail, by their number. */
  readonly ends: ReadonlyMap<number, CurveEnd>;
  /** Where a curve of another trial ends; undefined for one that has not told the study's metric. */
  foretell(curve: readonly ReportView[]): CurveEnd | undefined;
  /** How many curves there are, and how many of them were seen to the end. */
  readonly curves: number;
  readonly whole: number;
  /** The best loss of those at their end. */
  readonly best: number | undefined;
}

const known = new WeakMap<readonly Outcome[], { readonly count: number; readonly ends: CurveEnds }>();

/**
 * Of what is known by the ends of runs. Made anew when there is another one.
 *
 * @param outcomes of the study, or the first ones of them; only ever added to
 */
export function curveEnds(study: Study, outcomes: readonly Outcome[]): CurveEnds {
  const last = known.get(outcomes);
  if (last?.count === outcomes.length) return last.ends;
  const ends = predictEnds(study, outcomes);
  known.set(outcomes, { count: outcomes.length, ends });
  return ends;
}

function predictEnds(study: Study, outcomes: readonly Outcome[]): CurveEnds {
  const steps = ladderOf(study);
  const walks = new Map<number, Walk>();
  for (const outcome of outcomes) {
    const each = outcome.kind === "failed" ? undefined : walkOf(study, outcome, steps);
    if (each === undefined) walks.delete(outcome.trial);
    else walks.set(outcome.trial, each);
  }
  const model = new CurveModel([...walks.values()], steps);
  const ended = [...walks.values()].flatMap(({ standings }) => standings[steps.length - 1]?.loss ?? []);
  return {
    ends: new Map([...walks].map(([trial, each]) => [trial, model.predict(each)])),
    foretell: (reports) => {
      const curve = curveOf(study, reports);
      return curve && model.predict(walk(curve, steps));
    },
    curves: walks.size,
    whole: ended.length,
    best: ended.length === 0 ? undefined : ended.reduce((a, b) => Math.min(a, b)),
  };
}

/** The steps at which a study's curves are compared; a study without a budget has one step. */
export function ladderOf({ settings, maxBudget }: Study): readonly number[] {
  return ladder(settings.budget?.min ?? maxBudget, maxBudget);
}

const walksByOutcome = new WeakMap<Outcome, Walk | undefined>();

function walkOf(study: Study, outcome: Outcome, steps: readonly number[]): Walk | undefined {
  if (walksByOutcome.has(outcome)) return walksByOutcome.get(outcome);
  const { kind, budget, value } = outcome;
  const curve = curveOf(study, outcome.curve, kind === "completed" ? { step: budget, value: value as number } : undefined);
  const made = curve && walk(curve, steps);
  walksByOutcome.set(outcome, made);
  return made;
}

/** @param end of a completed run: its result stands for its budget, whatever it reported then */
function curveOf(
  { settings }: Study,
  reports: readonly ReportView[],
  end?: { readonly step: number; readonly value: number },
): Curve | undefined {
  const { name, goal } = settings.metric;
  const sign = goal === "maximize" ? -1 : 1;
  const told = reports.filter(({ step, metrics }) => step > 0 && metrics[name] !== undefined && !(end && step >= end.step));
  const points = told.map(({ step, metrics }) => ({ step, loss: sign * (metrics[name] as number) }));
  if (end !== undefined) points.push({ step: end.step, loss: sign * end.value });
  if (points.length === 0) return undefined;
  return { steps: points.map(({ step }) => step), losses: points.map(({ loss }) => loss) };
}
