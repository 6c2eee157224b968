// The columns that a row of any benchmark of samplers or strategies has.

/**
 * Collects the rows of one study; CONTRIBUTING.md says what the columns mean.
 *
 * @returns { rows, push }
 */
export function createRowLog(problem, { method, seed }) {
  const started = { wall: performance.now(), cpu: process.cpuUsage() };
  const rows = [];
  const push = ({ state, value, step = null, best, incumbent = best, used, cost, ...extra }) => {
    const cpu = process.cpuUsage(started.cpu);
    rows.push({
      problem: problem.id,
      method,
      seed,
      trial: rows.length,
      state,
      value: finite(value),
      step,
      best: finite(best),
      inc_final: finite(incumbent),
      nregret: Number.isFinite(incumbent) ? finite(problem.nregret(incumbent)) : null,
      wall_s: round((performance.now() - started.wall) / 1000),
      resource_used: used,
      sim_s: round(cost),
      cpu_s: round((cpu.user + cpu.system) / 1e6),
      ...extra,
    });
  };
  return { rows, push };
}

/** As JSON can hold it. */
const finite = (value) => (Number.isFinite(value) ? value : null);

/** To 4 digits behind the point. */
export const round = (value) => Math.round(value * 1e4) / 1e4;
