import type { Placement, RunStarted } from "./events.ts";
import type { RungRecord, TrialRecord } from "./trial-record.ts";

/** More rungs than any budget has: each is at least twice the one before, and no number is doubled as often. */
const MOST_RUNGS = 2_200;

/** Which trials stand on which rung, for schedulers that have brackets. */
export class RungIndex {
  readonly #brackets: RungRecord[][][] = [];

  get brackets(): number {
    return this.#brackets.length;
  }

  rungs(bracket: number): readonly (readonly RungRecord[])[] {
    return this.#brackets[bracket] ?? [];
  }

  /** A retry stands where the attempt before it stood; a promotion stands on a new rung. */
  enter(trial: TrialRecord, { placement }: RunStarted): RungRecord | undefined {
    if (placement === undefined) return undefined;
    const last = trial.runs.at(-1);
    if (last !== undefined && same(last.placement, placement)) return last.entry;
    // Each bracket was begun by a trial of its own.
    if (placement.bracket > trial.number || placement.rung >= MOST_RUNGS)
      throw new TypeError(`there is no rung ${placement.rung} in a bracket ${placement.bracket}`);
    const entry: RungRecord = { trial: trial.number, state: "open", value: undefined };
    const rungs = (this.#brackets[placement.bracket] ??= []);
    // A promotion may leave rungs out.
    while (rungs.length <= placement.rung) rungs.push([]);
    (rungs[placement.rung] as RungRecord[]).push(entry);
    return entry;
  }
}

function same(a: Placement | undefined, b: Placement): boolean {
  return a?.bracket === b.bracket && a.rung === b.rung;
}
