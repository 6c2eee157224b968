import type { Importance } from "../../src/views/payload.ts";
import type { Study } from "../study.ts";
import type { Valued } from "./trials.ts";

export type Pair = readonly [string, string];

/** The parameters: those that varied first, the most important before the others; then as in the space. */
export function byImportance({ head, trials }: Study, importance: Importance | undefined): string[] {
  const names = Object.keys(head.parameters);
  const share = new Map(importance?.shares.map((each) => [each.parameter, each.share]));
  const some = trials.slice(0, 1000);
  const varied = new Set(names.filter((name) => new Set(some.map(({ params }) => params[name])).size > 1));
  return names.sort(
    (a, b) => Number(varied.has(b)) - Number(varied.has(a)) || (share.get(b) ?? 0) - (share.get(a) ?? 0),
  );
}

export function defaultPair(study: Study, importance: Importance | undefined): Pair | undefined {
  const [first, second] = byImportance(study, importance);
  return first === undefined || second === undefined ? undefined : [first, second];
}

/** The trials in which both are active. */
export function activeIn(valued: readonly Valued[], [first, second]: Pair): Valued[] {
  return valued.filter(({ row }) => first in row.params && second in row.params);
}

/** Why a picture of two parameters cannot be drawn; undefined where it can. */
export function pairProblem(pair: Pair | undefined, active: readonly Valued[], all: number): string | undefined {
  if (pair === undefined) return "This picture needs two parameters; the study has fewer.";
  if (active.length > 0) return undefined;
  return all === 0 ? undefined : `No trial has both ${pair[0]} and ${pair[1]}.`;
}
