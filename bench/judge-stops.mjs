// What a strategy missed by its stops, told by the whole curves of the trials that it started.

/** Losses that differ by no more are the same: a table gives its rows to many configurations. */
const TIE = 1e-9;

/**
 * Follows the trials of a study: `start(number, full)` with the loss that a trial has at its full budget, in the order of
 * their first starts; `look(trials)`, with the study's trials, whenever one may have ended.
 *
 * @returns { start, look, verdict }
 */
export function createJudge() {
  const judged = new Map();
  const unsettled = new Set();
  let bar = Infinity;
  return {
    start(number, full) {
      if (judged.has(number)) return;
      judged.set(number, { full: Number.isFinite(full) ? full : Infinity });
      unsettled.add(number);
    },
    look(trials) {
      for (const number of unsettled) {
        const { state } = trials[number];
        if (!["complete", "pruned", "failed"].includes(state)) continue;
        unsettled.delete(number);
        const trial = judged.get(number);
        if (state === "failed") trial.full = Infinity;
        Object.assign(trial, { end: state === "pruned" ? "stopped" : state, bar });
        if (state === "complete") bar = Math.min(bar, trial.full);
      }
    },
    verdict: () => verdictOn([...judged.values()].map((trial) => ({ end: "paused", bar, ...trial }))),
  };
}

/**
 * @param trials in the order of their first starts, each { full, end, bar }: its loss at the full budget; whether it was
 *   complete, failed, stopped by the scheduler or left when the budget ran out; and the lowest loss of those that were
 *   complete before it ended
 */
function verdictOn(trials) {
  const among = (chosen, end) => chosen.filter((trial) => trial.end === end).length;
  const split = (name, chosen) => ({
    [name]: chosen.length,
    [`${name}_stopped`]: among(chosen, "stopped"),
    [`${name}_paused`]: among(chosen, "paused"),
  });
  const better = (a, b) => a < b - TIE;
  const final = Math.min(...trials.filter(({ end }) => end === "complete").map(({ full }) => full));
  const lowest = Math.min(...trials.map(({ full }) => full));
  const best = lowest === Infinity ? [] : trials.filter(({ full }) => !better(lowest, full));
  let record = Infinity;
  const records = trials.filter(({ full }) => {
    const breaks = better(full, record);
    if (breaks) record = full;
    return breaks;
  });
  const wouldBe = trials.filter(({ full, bar }) => better(full, bar));
  return {
    trials: trials.length,
    full: among(trials, "complete"),
    failed: among(trials, "failed"),
    stopped: among(trials, "stopped"),
    paused: among(trials, "paused"),
    ...split("would_be", wouldBe),
    ...split(
      "would_be_opposed",
      wouldBe.filter((trial) => trial.bar < Infinity),
    ),
    ...split("records", records),
    ...split(
      "would_be_final",
      trials.filter(({ full }) => better(full, final)),
    ),
    best_lost: ["complete", "paused", "stopped"].find((end) => best.some((trial) => trial.end === end)) ?? null,
  };
}
