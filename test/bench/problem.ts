import type { Parameters, Params } from "../../src/space/parameter.ts";

/** What sample-efficiency.mjs measures samplers on. */
export interface Problem {
  readonly id: string;
  readonly parameters: Parameters;
  readonly evaluate: (params: Params) => { readonly loss: number; readonly cost: number | null };
  readonly nregret: (loss: number) => number;
}
