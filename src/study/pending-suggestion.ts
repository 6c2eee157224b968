import { HpoError } from "../errors.ts";
import type { Sampler, Suggestion } from "../samplers/sampler.ts";
import type { Decider } from "./decider.ts";
import type { Suggester } from "./suggester.ts";

/** A suggestion that has come, with the last event that it saw. */
export interface SeenSuggestion {
  readonly suggestion: Suggestion;
  readonly seen: number;
}

interface Asked {
  readonly trial: number;
  readonly seen: number;
  /** Resolves when it has come. */
  coming: Promise<void> | undefined;
  suggestion: Suggestion | undefined;
}

/** The suggestion for the next trial: asked for once, computed wherever the suggester does it, and taken when it is there. */
export class PendingSuggestion {
  readonly #decider: Decider;
  readonly #makeSuggester: (sampler: Sampler) => Suggester;
  readonly #onCome: () => void;
  readonly #onFailure: (error: unknown) => void;
  #suggester: Suggester | undefined;
  #asked: Asked | undefined;
  #closed = false;

  constructor(
    decider: Decider,
    makeSuggester: (sampler: Sampler) => Suggester,
    listener: { readonly come: () => void; readonly failed: (error: unknown) => void },
  ) {
    this.#decider = decider;
    this.#makeSuggester = makeSuggester;
    this.#onCome = listener.come;
    this.#onFailure = listener.failed;
  }

  /** Resolves when what is being computed has come, and rejects with why it cannot. */
  async come(): Promise<void> {
    await this.#asked?.coming;
  }

  /**
   * The suggestion for a trial, once; undefined while it is computed, or while that for another trial is, which nobody wants
   * any more.
   */
  take(trial: number): SeenSuggestion | undefined {
    if (this.#asked !== undefined && this.#asked.trial !== trial) {
      if (this.#asked.suggestion === undefined) return undefined;
      this.#asked = undefined;
    }
    const asked = (this.#asked ??= this.#ask(trial));
    if (asked.suggestion === undefined) return undefined;
    this.#asked = undefined;
    return { suggestion: asked.suggestion, seen: asked.seen };
  }

  #ask(trial: number): Asked {
    const seen = this.#decider.history.seq;
    this.#suggester ??= this.#makeSuggester(this.#decider.strategy.sampler);
    const answer = this.#suggester.suggest(this.#decider.task(trial));
    if (!(answer instanceof Promise)) return { trial, seen, coming: undefined, suggestion: answer };
    const asked: Asked = { trial, seen, coming: undefined, suggestion: undefined };
    asked.coming = this.#await(asked, answer);
    asked.coming.catch(this.#onFailure);
    return asked;
  }

  async #await(asked: Asked, answer: Promise<Suggestion>): Promise<void> {
    try {
      asked.suggestion = await answer;
    } catch (error) {
      // Whoever asks again has it computed again.
      if (this.#asked === asked) this.#asked = undefined;
      throw this.#closed
        ? new HpoError("invalid-argument", "the study was closed while a suggestion was computed")
        : error;
    }
    this.#onCome();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#suggester?.close();
  }
}
