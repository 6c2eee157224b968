import { TRIAL_STATES, type TrialState } from "../../src/history/view.ts";
import { StateMark } from "./state-badge.tsx";

interface Props {
  readonly counts: Readonly<Partial<Record<TrialState, number>>>;
  /** Names the states beside the bar; otherwise its title does. */
  readonly legend?: boolean;
}

/** How many trials are in each state: a bar in the order of a trial's life. */
export function TrialCounts({ counts, legend = false }: Props) {
  const present = TRIAL_STATES.filter((state) => (counts[state] ?? 0) > 0).toReversed();
  const words = present.map((state) => `${counts[state]} ${state}`).join(", ");
  return (
    <>
      <span class="counts" role="img" aria-label={words === "" ? "no trials" : words} title={words}>
        {present.map((state) => (
          <span key={state} class={`fill-${state}`} style={{ flexGrow: counts[state] ?? 0 }} />
        ))}
      </span>
      {legend && (
        <ul class="legend">
          {present.map((state) => (
            <li key={state}>
              <StateMark state={state} />
              {counts[state]} {state}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

export function totalOf(counts: Props["counts"]): number {
  return Object.values(counts).reduce((sum, number) => sum + number, 0);
}
