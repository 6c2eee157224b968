import { cardinality } from "../space/cardinality.ts";
import { configurationKey } from "../space/configurations.ts";
import type { Parameters, Params } from "../space/parameter.ts";
import { createSpace, type Space } from "../space/space.ts";
import type { TriedView } from "./view.ts";

/** Which configurations of a finite space have been tried, in whatever state their trials are. */
export class Tried implements TriedView {
  readonly cardinality: number;
  readonly keys: Set<string> = new Set();
  readonly #space: Space;

  constructor(parameters: Parameters) {
    this.#space = createSpace(parameters);
    this.cardinality = cardinality(this.#space);
  }

  get exhausted(): boolean {
    return this.keys.size >= this.cardinality;
  }

  add(params: Params): void {
    if (this.cardinality < Infinity) this.keys.add(configurationKey(this.#space, params));
  }
}
