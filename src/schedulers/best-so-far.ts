import { metricOf } from "../history/curve.ts";
import type { ReportView } from "../history/view.ts";
import type { DecideTask } from "./scheduler.ts";

interface Known {
  /** How many reports of the curve are counted in. */
  reports: number;
  best: number | undefined;
}

/**
 * The best values that curves had come to. Nothing of a curve changes but its last report and what comes after it
 * (`ReportLog`), so that every report is looked at once, however often it is asked.
 */
export class BestSoFar {
  readonly #known = new WeakMap<readonly ReportView[], Known>();

  /** The best value at the steps up to `step`; undefined where none was told. */
  by(curve: readonly ReportView[], study: DecideTask["study"], step: number): number | undefined {
    const { name } = study.settings.metric;
    const better = (best: number | undefined, { metrics }: ReportView): number | undefined => {
      const value = metricOf(metrics, name);
      return value !== undefined && (best === undefined || study.compare(value, best) < 0) ? value : best;
    };
    let known = this.#known.get(curve);
    // Whoever asks for an earlier step than before has it counted anew.
    if (known === undefined || (curve[known.reports - 1]?.step ?? -Infinity) > step) {
      known = { reports: 0, best: undefined };
      this.#known.set(curve, known);
    }
    for (; known.reports < curve.length - 1; known.reports++) {
      const report = curve[known.reports] as ReportView;
      if (report.step > step) return known.best;
      known.best = better(known.best, report);
    }
    const last = curve.at(-1);
    return last === undefined || last.step > step ? known.best : better(known.best, last);
  }
}
