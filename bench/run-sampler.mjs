// One study of a problem by a sampler, as the rows that sample-efficiency.mjs writes.
import { createStudy } from "hpo";
import { askUnlessBlocked, diverged, durationOf } from "./driven-study.mjs";
import { nearestPending } from "./nearest-pending.mjs";
import { createRowLog, round } from "./row-log.mjs";

/**
 * Asks and tells until `trials` are told. With several slots as many trials are open at once, on a virtual clock: each lasts
 * as long as its number and the seed say, and the one that ends first is told first.
 *
 * @param problem { id, parameters, evaluate, nregret }, as problem-folder.mjs makes it
 * @param options.duration "uniform": 0.5 to 1.5; "cost": what the problem says that its training costs
 * @returns `trials` rows; where the space ran out, the last ones repeat what was reached
 */
export async function runSampler(problem, { method, sampler, seed, trials, slots = 1, duration = "uniform" }) {
  const study = await createStudy({
    name: "sample-efficiency",
    directory: null,
    parameters: problem.parameters,
    metric: { name: "loss", goal: "minimize" },
    strategy: { sampler, scheduler: "full" },
    stop: { trials },
    seed,
  });
  const log = createLog(problem, { method, seed });
  const open = [];
  let clock = 0;
  let over = false;
  for (;;) {
    while (!over && open.length < slots) {
      const trial = await askUnlessBlocked(study, open.length > 0);
      if (trial === "blocked") break;
      over = trial === undefined;
      if (over) break;
      const { params, number } = trial;
      const result = problem.evaluate(params);
      const lasts = duration === "cost" ? (result.cost ?? 1) : durationOf(seed, number);
      const nearest = nearestPending(
        problem.parameters,
        params,
        open.map((each) => each.trial.params),
      );
      open.push({ trial, result, nearest, end: clock + lasts });
    }
    if (open.length === 0) break;
    open.sort((a, b) => a.end - b.end || a.trial.number - b.trial.number);
    const { trial, result, nearest, end } = open.shift();
    clock = end;
    await study.tell(trial, Number.isFinite(result.loss) ? { loss: result.loss } : diverged(trial.number));
    log.add(result, slots === 1 ? {} : { number: trial.number, clock: round(clock), nearest_pending: nearest });
  }
  await study.close();
  if (log.rows.length === 0) throw new Error(`${method} on ${problem.id}: the study was over before its first trial`);
  return log.carryForward(trials);
}

/** Counts what the trials give and cost. */
function createLog(problem, study) {
  const { rows, push } = createRowLog(problem, study);
  let best = Infinity;
  let cost = 0;
  return {
    rows,
    add(result, extra) {
      const failed = !Number.isFinite(result.loss);
      if (!failed) best = Math.min(best, result.loss);
      cost += result.cost ?? 0;
      const state = failed ? "FAIL" : "COMPLETE";
      push({ state, value: result.loss, best, used: rows.length + 1, cost, ...extra });
    },
    carryForward(trials) {
      const used = rows.length;
      while (rows.length < trials) push({ state: "EXHAUSTED", value: null, best, used, cost });
      return rows;
    },
  };
}
