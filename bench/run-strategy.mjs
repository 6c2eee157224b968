// One study of a problem with learning curves by a strategy, as the rows that multi-fidelity.mjs writes.
import { createStudy } from "hpo";
import { askUnlessBlocked, diverged, durationOf } from "./driven-study.mjs";
import { createJudge } from "./judge-stops.mjs";
import { createRowLog, round } from "./row-log.mjs";

/** Trials that no study gets to which its budget ends. */
const MANY = 1e6;

const ENDS = { complete: "COMPLETE", paused: "PAUSED", pruned: "PRUNED", failed: "FAIL" };

/**
 * Trains step by step until `units` full trainings' worth of steps are done, in all slots together; what then runs ends there.
 * Where they are null, until the study is over by its own rule, `trials`.
 * The clock is virtual: each slot does a step of its run after the other, and the step that ends first is reported first.
 *
 * @param problem with `steps` and `curve`, as problem-folder.mjs makes it
 * @param options.strategy a word of the spec, "sampler+scheduler", or "default" for a spec without one
 * @param options.duration of a step: "uniform", 0.5 to 1.5, the same for all of a trial; "cost": what the problem says that it
 *   costs
 * @param options.resume whether each step is saved, so that a promoted trial goes on behind what it has done and pays for
 *   no step twice
 * @returns a row for each run's end, then the judgement of the stops, a row of `kind` "stops"
 */
export async function runStrategy(problem, options) {
  const { strategy, seed, units, trials = MANY, slots = 1, duration = "uniform", resume = true } = options;
  const study = await createStudy({
    name: "multi-fidelity",
    directory: null,
    parameters: problem.parameters,
    metric: { name: "loss", goal: "minimize" },
    budget: { min: 1, max: problem.steps, eta: 3, unit: "steps" },
    ...strategyIn(strategy),
    stop: { trials },
    seed,
  });
  const account = createAccount(problem, options);
  const judge = createJudge();
  const full = new Map();
  const limit = units === null ? Infinity : units * problem.steps;
  const open = [];
  let clock = 0;
  let asks = true;

  const start = (trial) => {
    const curve = problem.curve(trial.params, trial.budget);
    if (!full.has(trial.number)) full.set(trial.number, problem.evaluate(trial.params).loss);
    judge.start(trial.number, full.get(trial.number));
    const costs = costsOf(curve);
    const pace = durationOf(seed, trial.number);
    const lasts = (step) => (duration === "cost" ? costs[step - 1] : pace);
    const step = trial.startStep;
    return { trial, curve, costs, lasts, step, begun: clock, end: clock + lasts(step) };
  };

  /** Does the step that a run is at. Whether the run has ended with it. */
  const train = async (run) => {
    const { trial, step } = run;
    const loss = run.curve[step - 1][1];
    account.pay(run.costs[step - 1]);
    if (!Number.isFinite(loss)) {
      await study.tell(trial, diverged(trial.number));
      return true;
    }
    account.see(loss, full.get(trial.number));
    if (resume) await study.checkpoint(trial, step);
    const { action } = await study.report(trial, { step, loss });
    if (step === trial.budget) await study.tell(trial, { loss });
    else if (action === "stop") await study.tell(trial, { state: "pruned" });
    else return false;
    return true;
  };

  const endRow = (run, state) => {
    const { trial, step, begun } = run;
    account.busy += clock - begun;
    account.push(state, run.curve[step - 1]?.[1], step, {
      number: trial.number,
      run: trial.run,
      start_step: trial.startStep,
      budget: trial.budget,
      clock: round(clock),
    });
  };

  while (account.used < limit) {
    while (asks && open.length < slots) {
      const trial = await askUnlessBlocked(study, open.length > 0);
      judge.look(study.history.trials);
      asks = trial !== undefined && trial !== "blocked";
      if (asks) open.push(start(trial));
    }
    if (open.length === 0) break;
    open.sort((a, b) => a.end - b.end || a.trial.run - b.trial.run);
    const [run] = open;
    clock = run.end;
    if (await train(run)) {
      open.shift();
      judge.look(study.history.trials);
      const ended = ENDS[study.history.trials[run.trial.number].state];
      const cut = account.used === limit && run.step < problem.steps && ended !== "FAIL";
      endRow(run, cut ? "STOPPED" : ended);
      asks = true;
    } else if (account.used === limit) {
      endRow(open.shift(), "STOPPED");
    } else {
      run.step++;
      run.end += run.lasts(run.step);
    }
  }
  // Of those the step that they are at is not done.
  for (const run of open) endRow({ ...run, step: run.step - 1 }, "STOPPED");
  const { sampler, scheduler } = study.history.settings;
  const own = ownRecord(study.history.trials);
  await study.close();
  if (account.rows.length === 0)
    throw new Error(`${options.method} on ${problem.id}: the study was over before its first trial`);
  const busy = { slots, busy: clock === 0 ? null : round(account.busy / (slots * clock)) };
  Object.assign(account.rows.at(-1), busy);
  const { problem: id, method, best, nregret, wall_s, cpu_s, resource_used } = account.rows.at(-1);
  const whole = { kind: "stops", problem: id, method, seed, units, steps: problem.steps, sampler: sampler.name };
  const reached = { best, nregret, resource_used, wall_s, cpu_s, clock: round(clock), ...busy };
  return [...account.rows, { ...whole, scheduler: scheduler.name, ...judge.verdict(), ...own, ...reached }];
}

/** What the study itself says of its stops and drops: those with a chance, the sum of the chances, and the ones in the shadow. */
function ownRecord(trials) {
  const chances = trials.flatMap(({ givenUp }) => (givenUp?.kind === "shadowed" ? [] : (givenUp?.chance ?? [])));
  const shadowed = trials.filter(({ givenUp, state }) => givenUp?.toBeat !== undefined && state === "complete");
  return {
    foretold: chances.length,
    foretold_wrong: round(chances.reduce((sum, chance) => sum + chance, 0)),
    shadow_ended: shadowed.length,
    shadow_wrong: shadowed.filter(({ value, givenUp }) => value < givenUp.toBeat).length,
  };
}

/** Counts what the steps give and cost: CONTRIBUTING.md says what the columns mean. */
function createAccount(problem, study) {
  const { rows, push } = createRowLog(problem, study);
  let best = Infinity;
  let cost = 0;
  let incumbent = NaN;
  const account = {
    rows,
    used: 0,
    busy: 0,
    pay(price) {
      account.used++;
      cost += price;
    },
    /** @param full the loss that the trial has at the highest fidelity */
    see(loss, full) {
      if (!(loss < best)) return;
      best = loss;
      incumbent = full;
    },
    push(state, value, step, extra) {
      const any = problem.anyRegret !== undefined && best < Infinity ? { nregret_any: problem.anyRegret(best) } : {};
      push({ state, value, step, best, incumbent, used: account.used, cost, ...any, ...extra });
    },
  };
  return account;
}

/** What each step costs; the costs of a curve are cumulative, and a surrogate's may fall. */
function costsOf(curve) {
  let paid = 0;
  return curve.map(([, , cost]) => {
    const before = paid;
    paid = Math.max(paid, cost);
    return paid - before;
  });
}

function strategyIn(word) {
  if (word === "default") return {};
  const [sampler, scheduler] = word.split("+");
  return { strategy: scheduler === undefined ? word : { sampler, scheduler } };
}
