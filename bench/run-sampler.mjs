// One study of a problem by a sampler, as the rows that sample-efficiency.mjs writes.
import { createStudy } from "hpo";
import seedrandom from "seedrandom";
import { nearestPending } from "./nearest-pending.mjs";

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
      const lasts = duration === "cost" ? (result.cost ?? 1) : 0.5 + seedrandom(`${seed}/${number}`)();
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
    // A study gives up when its first three trials fail alike. Here a training diverged, which is no fault in the program, so
    // that each failure says something else.
    const failed = { state: "failed", cause: `trial ${inLetters(trial.number)} diverged` };
    await study.tell(trial, Number.isFinite(result.loss) ? { loss: result.loss } : failed);
    log.add(result, slots === 1 ? {} : { number: trial.number, clock: round(clock), nearest_pending: nearest });
  }
  await study.close();
  if (log.rows.length === 0) throw new Error(`${method} on ${problem.id}: the study was over before its first trial`);
  return log.carryForward(trials);
}

async function askUnlessBlocked(study, mayWait) {
  try {
    return await study.ask();
  } catch (error) {
    if (mayWait && error.code === "would-wait") return "blocked";
    throw error;
  }
}

/** The rows of a study: CONTRIBUTING.md says what the columns mean. */
function createLog(problem, { method, seed }) {
  const started = { wall: performance.now(), cpu: process.cpuUsage() };
  const rows = [];
  let best = Infinity;
  let cost = 0;
  const push = (state, value, resources, extra) => {
    const cpu = process.cpuUsage(started.cpu);
    rows.push({
      problem: problem.id,
      method,
      seed,
      trial: rows.length,
      state,
      value: finite(value),
      step: null,
      best: finite(best),
      inc_final: finite(best),
      nregret: best === Infinity ? null : finite(problem.nregret(best)),
      wall_s: round((performance.now() - started.wall) / 1000),
      resource_used: resources,
      sim_s: round(cost),
      cpu_s: round((cpu.user + cpu.system) / 1e6),
      ...extra,
    });
  };
  return {
    rows,
    add(result, extra) {
      const failed = !Number.isFinite(result.loss);
      if (!failed) best = Math.min(best, result.loss);
      cost += result.cost ?? 0;
      push(failed ? "FAIL" : "COMPLETE", result.loss, rows.length + 1, extra);
    },
    carryForward(trials) {
      const used = rows.length;
      while (rows.length < trials) push("EXHAUSTED", null, used, {});
      return rows;
    },
  };
}

const finite = (value) => (Number.isFinite(value) ? value : null);
const round = (value) => Math.round(value * 1e4) / 1e4;
const inLetters = (number) => String(number).replaceAll(/\d/g, (digit) => "abcdefghij"[digit]);
