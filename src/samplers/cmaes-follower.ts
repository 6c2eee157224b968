import { drawCandidate, type MixedCandidate, Search } from "../cmaes/search.ts";
import { isSampled } from "../history/source.ts";
import type { HistoryView, Outcome, TrialView } from "../history/view.ts";
import { createRng } from "../numerics/rng.ts";
import { configurationKey } from "../space/configurations.ts";
import type { Space } from "../space/space.ts";
import type { CmaesLayout } from "./cmaes-layout.ts";
import { DRAWS } from "./untried.ts";

/** A trial whose result is not known yet. */
interface Open {
  readonly candidate: MixedCandidate;
  readonly restarts: number;
  readonly generation: number;
}

/** A result of the generation that is being filled. */
interface Result {
  readonly candidate: MixedCandidate;
  readonly outcome: Outcome;
}

/**
 * The search as a history implies it. A trial belongs to the generation that was under way when it was created, and a
 * generation is done when as many of its trials are known as its population has. Results of an earlier generation of the
 * same run that come later, and what was enqueued, take part in the generation under way as foreign candidates; those of a
 * run before a restart are only tried. A trial's first result counts.
 */
export class CmaesFollower {
  readonly search: Search;
  readonly #space: Space;
  readonly #layout: CmaesLayout;
  readonly #open = new Map<number, Open>();
  #results: Result[] = [];
  /** How many of the results are of the generation under way. */
  #own = 0;
  #trials = 0;
  #outcomes = 0;

  constructor(space: Space, layout: CmaesLayout, seed: string) {
    this.#space = space;
    this.#layout = layout;
    this.search = new Search(layout.domain(seed));
  }

  /** Takes what has been added to a history since the last call. */
  follow(history: HistoryView): void {
    for (; this.#trials < history.trials.length; this.#trials++) {
      const trial = history.trials[this.#trials] as TrialView;
      this.#takeOutcomes(history, trial.outcomesBefore);
      this.#addTrial(history, trial);
    }
    this.#takeOutcomes(history, history.outcomes.length);
  }

  #addTrial(history: HistoryView, trial: TrialView): void {
    const { restarts, generation, law } = this.search;
    const own = isSampled(trial.source);
    const drawn = own ? this.#recall(history, trial) : undefined;
    const candidate = { ...(drawn ?? this.#layout.encode(trial.params, law.mean)), foreign: drawn === undefined };
    // What stood in for a draw in a finite space fills the generation all the same.
    this.#open.set(trial.number, { candidate, restarts, generation: own ? generation : -1 });
  }

  /** The draw that gave a trial its configuration: its place within a value's share is not in the journal. */
  #recall(
    { settings, tried }: HistoryView,
    { number, params }: TrialView,
  ): ReturnType<typeof drawCandidate> | undefined {
    const key = configurationKey(this.#space, params);
    const rng = createRng(settings.seed, number, "sample");
    for (let draw = tried.cardinality < Infinity ? DRAWS : 1; draw > 0; draw--) {
      const candidate = drawCandidate(this.search.law, rng);
      if (configurationKey(this.#space, this.#layout.decode(candidate)) === key) return candidate;
    }
    return undefined;
  }

  #takeOutcomes(history: HistoryView, until: number): void {
    for (; this.#outcomes < until; this.#outcomes++) {
      const outcome = history.outcomes[this.#outcomes] as Outcome;
      const open = this.#open.get(outcome.trial);
      this.#open.delete(outcome.trial);
      const { restarts, generation, population } = this.search;
      if (open === undefined || (open.restarts !== restarts && open.generation !== -1)) continue;
      const isOwn = open.generation === generation;
      const candidate = isOwn ? open.candidate : { ...open.candidate, foreign: true };
      this.#results.push({ candidate, outcome });
      if (isOwn && ++this.#own >= population) this.#close(history);
    }
  }

  #close(history: HistoryView): void {
    const loss = lossAtLeastBudget(history, this.#results);
    const ranked = this.#results
      .map(({ candidate, outcome }) => ({ candidate, outcome, loss: loss(outcome) }))
      .toSorted(
        (a, b) =>
          RANK[a.outcome.kind] - RANK[b.outcome.kind] || compare(a.loss, b.loss) || a.outcome.trial - b.outcome.trial,
      );
    this.#results = [];
    this.#own = 0;
    this.search.learn(
      ranked.map(({ candidate }) => candidate),
      ranked.flatMap(({ outcome, loss: known }) =>
        outcome.kind === "completed" && known !== undefined ? [known] : [],
      ),
    );
  }
}

/** Stopped runs were worse than others, failed ones say nothing good. */
const RANK: Readonly<Record<Outcome["kind"], number>> = { completed: 0, stopped: 1, failed: 2 };

/** Losses as of the smallest budget among the results, so that a longer run has no advantage; to be minimised. */
function lossAtLeastBudget(
  { settings: { metric } }: HistoryView,
  results: readonly Result[],
): (outcome: Outcome) => number | undefined {
  const completed = results.flatMap(({ outcome }) => (outcome.kind === "completed" ? [outcome.budget] : []));
  const least = Math.min(...completed);
  const sign = metric.goal === "maximize" ? -1 : 1;
  return ({ kind, budget, value, curve }) => {
    const early =
      kind === "completed" && budget > least
        ? curve.find(({ step }) => step === least)?.metrics[metric.name]
        : undefined;
    const chosen = early ?? value;
    return chosen === undefined ? undefined : sign * chosen;
  };
}

/** Without a loss last. */
function compare(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a === b ? 0 : a < b ? -1 : 1;
}
