import { choiceAt, type Choices, evenly, keepChoices, learnChoices } from "./categorical.ts";
import { defaultPopulation, strategyConstants } from "./constants.ts";
import { type Candidate, evolve, type Evolution, pointAt, type PointLaw, startEvolution } from "./evolution.ts";
import { keepMargin, type Share } from "./margin.ts";
import { Progress } from "./progress.ts";
import { normalQuantile } from "../numerics/normal.ts";
import type { Rng } from "../numerics/rng.ts";

/** The first step size, as a part of the unit cube's edge. Hansen's advice is 0.3 where the optimum is as likely anywhere. */
export const FIRST_SIGMA = 0.25;

/** What is searched: numeric coordinates, each 0 … 1 wide, and categoricals. */
export interface Domain {
  readonly numeric: number;
  /** How many choices each categorical has. */
  readonly choices: readonly number[];
  /** As in `keepMargin`. */
  readonly shareAt: (coordinate: number, position: number) => Share | undefined;
  /** Where restart 1, 2, … begins, in the unit cube. */
  readonly restartAt: (restart: number) => Float64Array;
}

/** What candidates are drawn from: plain data. */
export interface SearchLaw extends PointLaw {
  readonly probabilities: readonly Choices[];
}

export interface MixedCandidate extends Candidate {
  /** The index of each categorical's choice; −1 where it has none. */
  readonly choices: readonly number[];
}

/** Draws one candidate: a normal number for each numeric coordinate, then a uniform one for each categorical. */
export function drawCandidate(law: SearchLaw, rng: Rng): Omit<MixedCandidate, "foreign"> {
  // 0 would lie infinitely far out.
  const normal = law.mean.map(() => normalQuantile(rng.uniform() || 2 ** -54));
  return { point: pointAt(law, normal), choices: law.probabilities.map((q) => choiceAt(q, rng.uniform())) };
}

/**
 * CMA-ES over a mixed domain: with margins for what is discrete, a categorical law beside the normal one, and restarts with
 * twice the population when a run has converged: Auger & Hansen, "A restart CMA evolution strategy with increasing population
 * size", CEC 2005. A restart begins at a point drawn at random.
 */
export class Search {
  restarts = 0;
  population: number;
  /** Why the last restart came. */
  restarted: string | undefined;
  #evolution: Evolution;
  #probabilities: readonly Choices[];
  #progress: Progress;
  readonly #domain: Domain;

  constructor(domain: Domain) {
    this.#domain = domain;
    this.population = defaultPopulation(domain.numeric + domain.choices.length);
    this.#evolution = startEvolution(new Float64Array(domain.numeric).fill(0.5), FIRST_SIGMA);
    this.#probabilities = domain.choices.map(evenly);
    this.#progress = new Progress(domain.numeric, this.population);
  }

  /** Generations of this run that are done. */
  get generation(): number {
    return this.#evolution.generation;
  }

  get law(): SearchLaw {
    const { mean, sigma, scale, axes, lengths } = this.#evolution;
    return { mean, sigma, scale, axes, lengths, probabilities: this.#probabilities };
  }

  /**
   * Learns from a generation.
   *
   * @param ranked best first; failed ones last
   * @param losses of those that have one, in the same order
   */
  learn(ranked: readonly MixedCandidate[], losses: readonly number[]): void {
    const { numeric, choices, shareAt } = this.#domain;
    // Where all failed, their order says nothing.
    if (losses.length > 0 && ranked.length > 1) {
      if (choices.length > 0) this.#probabilities = this.#learnChoices(ranked);
      if (numeric > 0) this.#evolution = evolve(this.#evolution, ranked);
      else this.#evolution = { ...this.#evolution, generation: this.generation + 1 };
    } else this.#evolution = { ...this.#evolution, generation: this.generation + 1 };
    this.#progress.add(losses);
    const isDiscrete = (i: number): boolean => shareAt(i, 0.5) !== undefined;
    const reason = this.#progress.end(this.#evolution, FIRST_SIGMA, isDiscrete);
    if (reason !== undefined) this.#restart(reason);
    else if (numeric > 0) this.#evolution = keepMargin(this.#evolution, 1 / (numeric * this.population), shareAt);
  }

  #learnChoices(ranked: readonly MixedCandidate[]): readonly Choices[] {
    const { choices } = this.#domain;
    const { weights, mu, muEff } = strategyConstants(1, ranked.length);
    const all = choices.reduce((total, count) => total + count, 0);
    // As many generations as there are choices for each informative candidate.
    const rate = Math.min(0.5, muEff / (muEff + 2 * all));
    return this.#probabilities.map((q, index) => {
      const chosen = ranked.slice(0, mu).map((candidate) => candidate.choices[index] as number);
      return keepChoices(learnChoices(q, chosen, weights, rate), choices.length);
    });
  }

  #restart(reason: string): void {
    const { numeric, choices, restartAt } = this.#domain;
    this.restarts++;
    this.restarted = reason;
    this.population *= 2;
    this.#evolution = startEvolution(restartAt(this.restarts), FIRST_SIGMA);
    this.#probabilities = choices.map(evenly);
    this.#progress = new Progress(numeric, this.population);
  }
}
