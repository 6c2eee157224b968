import type { StudySettings } from "../../history/settings.ts";
import type { HistoryView } from "../../history/view.ts";
import type { SlotName } from "../reporter.ts";
import { SCHEDULERS } from "../../schedulers/registry.ts";
import type { StudySpec } from "../../space/spec.ts";
import { endInWords, strategyInWords } from "../../views/study-words.ts";
import { count, oneLine } from "../../views/words.ts";

/** "digits: hyperband, minimize loss, 2 GPU slots": the first line of a running study. */
export function headline({ settings }: HistoryView, slots: readonly SlotName[]): string {
  const { name, metric } = settings;
  const kind = slots.some((slot) => slot.kind === "gpu") ? "GPU" : "CPU";
  return `${name}: ${strategyInWords(settings)}, ${metric.goal} ${metric.name}, ${count(slots.length, `${kind} slot`)}`;
}

/** What the user chose on the command line instead of in the spec. */
export interface Chosen {
  readonly strategy: boolean;
  readonly stop: boolean;
  readonly seed: boolean;
}

/** What was chosen for the user, one line; undefined when nothing was. */
export function defaultsInWords(settings: StudySettings, chosen: Chosen): string | undefined {
  const { seed, stop } = settings;
  const parts = [
    chosen.strategy ? [] : [`strategy ${strategyInWords(settings)}`],
    chosen.stop ? [] : [`stops ${endInWords(settings, stop)}${roundInWords(settings)}`],
    chosen.seed ? [] : [`seed ${oneLine(seed)} (drawn)`],
  ].flat();
  return parts.length === 0 ? undefined : `chosen for you: ${parts.join("; ")}`;
}

/** What the spec and the command line leave open. */
export function chosenBy(spec: StudySpec, options: Partial<Record<keyof Chosen, boolean>>): Chosen {
  return {
    strategy: spec.strategy !== undefined || options.strategy === true,
    stop: Object.keys(spec.stop ?? {}).length > 0 || options.stop === true,
    seed: spec.seed !== undefined || options.seed === true,
  };
}

function roundInWords({ scheduler, budget, stop }: StudySettings): string {
  const round = budget === null ? undefined : SCHEDULERS[scheduler.name]?.trialsOfRound?.(budget);
  if (round === undefined || round !== stop.trials) return "";
  return ` (one round of ${scheduler.name})`;
}
