import { median } from "simple-statistics";
import { deviation, type Evolution } from "./evolution.ts";

/** Deviations below this part of the first are no search any more. */
const SMALL = 1e-9;
/** Deviations above this multiple of the first have diverged. */
const LARGE = 1e4;
const CONDITION = 1e14;
/** Differences of losses that rounding makes. */
const EQUAL = 1e-13;

/** The losses of a run by generation, and whether it has ended: Hansen's tutorial, appendix B.3. */
export class Progress {
  readonly #best: number[] = [];
  readonly #median: number[] = [];
  /** Generations without which nothing is judged by losses. */
  readonly #short: number;
  readonly #long: number;

  constructor(dimensions: number, population: number) {
    this.#short = 10 + Math.ceil((30 * dimensions) / population);
    this.#long = 120 + Math.ceil((30 * dimensions) / population);
  }

  /** @param losses of one generation, best first; a generation without any tells nothing */
  add(losses: readonly number[]): void {
    if (losses.length === 0) return;
    this.#best.push(losses[0] as number);
    this.#median.push(losses[losses.length >> 1] as number);
  }

  /** Why the run has ended, if it has. */
  end(state: Evolution, firstSigma: number, isDiscrete: (coordinate: number) => boolean): string | undefined {
    const { lengths, mean } = state;
    const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
    const spreads = Array.from(mean, (_, i) => deviation(state, i));
    if (![...lengths, ...spreads].every((value) => value > 0 && value < Infinity)) return "its covariance degenerated";
    if (most > least * Math.sqrt(CONDITION)) return "its covariance is ill-conditioned";
    if (state.sigma * most > LARGE * firstSigma) return "it diverged";
    const free = spreads.filter((_, i) => !isDiscrete(i));
    if (free.length > 0 && free.every((value) => value < SMALL * firstSigma)) return "it converged";
    const recent = this.#best.slice(-this.#short);
    if (
      recent.length === this.#short &&
      Math.max(...recent) - Math.min(...recent) <= EQUAL * Math.abs(recent[0] as number)
    )
      return "its best losses are equal";
    return this.#stagnates() ? "it stagnated" : undefined;
  }

  /** Neither the best nor the median of the last third is better than that of the first, over many generations. */
  #stagnates(): boolean {
    const length = Math.max(this.#long, Math.floor(this.#best.length / 5));
    if (this.#best.length < length) return false;
    const third = Math.floor(length * 0.3);
    const worse = (series: readonly number[]): boolean => {
      const window = series.slice(-length);
      return median(window.slice(-third)) >= median(window.slice(0, third));
    };
    return worse(this.#best) && worse(this.#median);
  }
}
