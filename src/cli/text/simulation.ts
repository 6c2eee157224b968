import type { RecordedTotals, Simulation, StudySimulation, Totals } from "../../simulation/simulation.ts";
import { clip } from "./clip.ts";
import { schedulerInWords } from "../../views/study-words.ts";
import { table } from "./table.ts";
import { count, inClock, inDigits, oneLine, reasonInWords } from "../../views/words.ts";
import { budgetInWords } from "../../history/budget-in-words.ts";
import { wrap } from "./wrap.ts";

/** Columns of running text where nobody says how many there are. */
const WIDTH = 80;
/** So that a table of usual numbers has no more columns. */
const NAME_WIDTH = 22;
const RECORDED = "as recorded";

/** What other schedulers would have made of a study: what they cost, what they found, and what there is to know of it. */
export function simulationLines(study: StudySimulation, width: number | undefined): string[] {
  const { recorded, simulations, trials, slots, hasCurves } = study;
  const name = schedulerInWords(recorded.scheduler);
  const open = recorded.unfinished === 0 ? "" : ` (${recorded.unfinished} not ended)`;
  const head = `${study.name}: ${count(trials, "trial")} recorded with ${name}${open}, gone through again on ${count(slots, "slot")}; nothing was trained`;
  const lines = wrap(head, width ?? WIDTH, "  ");
  if (!hasCurves) return [...lines, ...wrap(nothingToStop(study), width ?? WIDTH, "  ")];
  return [
    ...lines,
    "",
    ...table([costHead(study), recordedCost(recorded), ...simulations.map(costRow)], width),
    "",
    ...table([foundHead(study), foundRow(study, recorded), ...simulations.map((each) => foundRow(study, each))], width),
    ...simulations.flatMap((each) => ["", ...remarksOn(each, study, width ?? WIDTH)]),
  ];
}

function nothingToStop({ unit, metric }: StudySimulation): string {
  return `No trial reported ${metric.name} at more than one step, so there is nothing to stop: no scheduler saves anything here. Report after every few ${unit} to have something to compare.`;
}

function costHead({ unit }: StudySimulation): string[] {
  return ["scheduler", oneLine(unit), "saved", "slot time", "saved", "makespan", "saved"];
}

function recordedCost(recorded: RecordedTotals): string[] {
  const { steps, slotTime, makespan } = recorded;
  return [RECORDED, inDigits(steps, 6), "", inShort(slotTime), "", inShort(makespan)];
}

function costRow({ scheduler, steps, slotTime, makespan, saved, beyond }: Simulation): string[] {
  const share = (part: number | undefined): string =>
    part === undefined ? "" : `${beyond > 0 ? "≤ " : ""}${Math.round(100 * part)}%`;
  return [
    clip(schedulerInWords(scheduler), NAME_WIDTH),
    inDigits(steps, 6),
    share(saved.steps),
    inShort(slotTime),
    share(saved.slotTime),
    inShort(makespan),
    share(saved.makespan),
  ];
}

function foundHead({ metric }: StudySimulation): string[] {
  return ["scheduler", "full", "stopped", "failed", "beyond", "wrong", `best ${oneLine(metric.name)}`];
}

function foundRow(study: StudySimulation, totals: Simulation | RecordedTotals): string[] {
  const { complete, stopped, failed } = totals;
  const counts = [complete, stopped, failed].map(String);
  if ("unfinished" in totals) return [RECORDED, ...counts, "", "", bestInWords(study, totals)];
  const { wrong, known } = totals.stops;
  const name = clip(schedulerInWords(totals.scheduler), NAME_WIDTH);
  return [name, ...counts, String(totals.beyond), `${wrong} of ${known}`, bestInWords(study, totals)];
}

function bestInWords({ fullBudget, unit }: StudySimulation, { best }: Totals): string {
  if (best === undefined) return "none";
  const { trial, value, budget } = best;
  const partly = fullBudget === undefined || budget === fullBudget ? "" : `, ${budgetInWords(budget, unit)}`;
  return `${inDigits(value)}, trial ${trial}${partly}`;
}

/** A scheduler's name, and under it what its rows do not say. */
function remarksOn(simulation: Simulation, { recorded, unit, metric }: StudySimulation, width: number): string[] {
  const { scheduler, lostBest, beyond, untried, stops, trials } = simulation;
  const best = recorded.best && trials[recorded.best.trial];
  const kept = best === undefined || best.fate === "beyond" ? "" : `keeps the recorded best, trial ${best.number}`;
  const lost =
    lostBest &&
    `loses the recorded best, trial ${lostBest.number}, after ${budgetInWords(lostBest.reached, unit)}: ${reasonInWords(lostBest.reason)}`;
  const remarks = [
    lost ?? kept,
    stops.wrong === 0
      ? ""
      : `wrong stops: of ${stops.known} stopped whose end is recorded, ${stops.wrong} had a better ${metric.name} there than the best when they were stopped, ${stops.missed} than the best at the end`,
    beyond === 0
      ? ""
      : `${count(beyond, "trial")} would go on beyond the record and ${beyond === 1 ? "counts" : "count"} as far as it goes: what is saved is at most this, and there may be a better best`,
    untried === 0 ? "" : `${count(untried, "trial")} would not have been tried`,
  ];
  const said = remarks.filter((remark) => remark !== "");
  return [schedulerInWords(scheduler), ...said.flatMap((remark) => wrap(`  ${oneLine(remark)}`, width, "    "))];
}

/** "850 ms", "12.4 s", "12:40". */
function inShort(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : inClock(milliseconds);
}
