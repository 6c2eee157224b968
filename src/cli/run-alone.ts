import { randomUUID } from "node:crypto";
import { HpoError } from "../errors.ts";
import { addToCurve, lastTold } from "../history/curve.ts";
import type { Metrics, RunOutcome } from "../history/events.ts";
import type { ReportView } from "../history/view.ts";
import { checkOutcome, checkReport } from "../study/boundary.ts";
import type { WorkersSpec } from "../space/spec.ts";
import { openSlots } from "../study/open-slots.ts";
import { resolveNewWorkers } from "../study/resolve-workers.ts";
import { processObjective } from "../study/process-objective.ts";
import type { Decision, RunOrder } from "../workers/dispatcher.ts";
import type { ProcessObjective } from "../workers/messages.ts";
import { createProcessDispatcher } from "../workers/process-dispatcher.ts";
import type { ToldOutcome } from "../workers/told.ts";
import type { FoundTrial } from "./find-trial.ts";

export interface RunAloneOptions {
  readonly found: FoundTrial;
  readonly order: RunOrder;
  /** Where to run it, in place of what the study says. */
  readonly workers: WorkersSpec;
  /** Hears what there is to say of the slot. */
  readonly noted: (note: string) => void;
  readonly signal: AbortSignal;
  readonly reported: (step: number, metrics: Metrics) => void;
}

/** Runs one trial's objective outside its study, under the study's limits, and judges it as the study would. */
export async function runAlone({
  found,
  order,
  workers,
  noted,
  signal,
  reported,
}: RunAloneOptions): Promise<RunOutcome> {
  const { settings } = found.history;
  const objective = toProcessObjective(found);
  const wish = resolveNewWorkers(settings, workers);
  const opened = await openSlots({ ...settings, workers: wish }, { ...settings.stop, trials: 1 });
  for (const note of opened.notes) noted(note);
  const dispatcher = createProcessDispatcher({
    objective,
    metric: settings.metric.name,
    slots: opened.slots,
    limits: settings.trial,
    studyId: randomUUID(),
  });
  const stop = (): void => dispatcher.stop(order.run, "interrupted");
  const { name: metric } = settings.metric;
  const curve: ReportView[] = [];
  let refused: RunOutcome | undefined;
  try {
    const outcome = await new Promise<ToldOutcome>((resolve) => {
      dispatcher.start(
        { ...order, slot: dispatcher.slots[0] ?? order.slot },
        {
          reported: (step, metrics): Decision => {
            const checked = checkReport(metric, step, metrics);
            if ("kind" in checked) refused ??= checked;
            if ("kind" in checked || refused !== undefined) return { action: "stop", reason: "the value is refused" };
            reported(checked.step, checked.metrics);
            addToCurve(curve, checked.step, checked.metrics);
            return { action: "continue" };
          },
          checkpointed: (step) => Promise.resolve(step),
          ended: resolve,
        },
      );
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
    });
    return refused ?? checkOutcome(metric, outcome, lastTold(curve, metric));
  } finally {
    await dispatcher.close();
    await opened.release();
  }
}

function toProcessObjective({ history, folder }: FoundTrial): ProcessObjective {
  const { objective, name } = history.settings;
  if (objective.kind === "module" || objective.kind === "command")
    return processObjective(objective, history.settings, folder);
  throw new HpoError(
    "invalid-argument",
    `study "${name}" has its objective in a program, not on disk: call it there with this trial's parameters`,
  );
}
