import type { RecordedTotals, Simulation, StudySimulation, Totals } from "../../simulation/simulation.ts";
import { clip } from "./clip.ts";
import { schedulerInWords } from "./study-words.ts";
import { table } from "./table.ts";
import { count, inClock, inDigits, oneLine, reasonInWords } from "./words.ts";
import { budgetInWords } from "../../history/budget-in-words.ts";
import { wrap } from "./wrap.ts";

/** Columns where nobody says how many there are: the least that a terminal has. */
const WIDTH = 80;
const NAME_WIDTH = 24;

/** What other schedulers would have made of a study: what they cost, what they found, and what there is to know of it. */
export function simulationLines(study: StudySimulation, width: number = WIDTH): string[] {
  const { recorded, simulations, trials, slots, hasCurves } = study;
  const head = `${study.name}: ${count(trials, "recorded trial")}, gone through again on ${count(slots, "slot")}; nothing was trained`;
  const notes = recorded.unfinished === 0 ? [] : [`${count(recorded.unfinished, "trial")} of it had not ended`];
  const lines = [head, ...notes].flatMap((line) => wrap(line, width, "  "));
  if (!hasCurves) return [...lines, ...wrap(nothingToStop(study), width, "  ")];
  const remarks = simulations.flatMap((simulation) => remarksOn(simulation, study));
  return [
    ...lines,
    "",
    ...table([costHead(study), recordedCost(recorded), ...simulations.map(costRow)], width),
    "",
    ...table([foundHead(study), foundRow(study, recorded), ...simulations.map((each) => foundRow(study, each))], width),
    "",
    ...remarks.flatMap((line) => wrap(line, width, "  ")),
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
  return [recordedName(recorded), inDigits(steps, 6), "", inShort(slotTime), "", inShort(makespan)];
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
  return ["scheduler", "full", "stopped", "failed", "beyond", "wrong stops", `best ${oneLine(metric.name)}`];
}

function foundRow(study: StudySimulation, totals: Simulation | RecordedTotals): string[] {
  const { complete, stopped, failed } = totals;
  const counts = [complete, stopped, failed].map(String);
  if ("unfinished" in totals) return [recordedName(totals), ...counts, "", "", bestInWords(study, totals)];
  const { wrong, known } = totals.stops;
  const name = clip(schedulerInWords(totals.scheduler), NAME_WIDTH);
  return [name, ...counts, String(totals.beyond), `${wrong} of ${known}`, bestInWords(study, totals)];
}

function recordedName({ scheduler }: RecordedTotals): string {
  return clip(`recorded: ${schedulerInWords(scheduler)}`, NAME_WIDTH);
}

function bestInWords({ fullBudget, unit }: StudySimulation, { best }: Totals): string {
  if (best === undefined) return "none";
  const { trial, value, budget } = best;
  const partly = fullBudget === undefined || budget === fullBudget ? "" : `, ${budgetInWords(budget, unit)}`;
  return `${inDigits(value)} (trial ${trial}${partly})`;
}

function remarksOn(simulation: Simulation, { recorded, unit, metric }: StudySimulation): string[] {
  const { scheduler, lostBest, beyond, untried, stops } = simulation;
  const name = schedulerInWords(scheduler);
  const kept = recorded.best === undefined ? "" : `keeps the recorded best, trial ${recorded.best.trial}`;
  const lost =
    lostBest &&
    `loses the recorded best, trial ${lostBest.number}, after ${budgetInWords(lostBest.reached, unit)}: ${reasonInWords(lostBest.reason)}`;
  const remarks = [
    lost ?? kept,
    stops.wrong === 0
      ? ""
      : `of the ${stops.known} stopped trials whose end is known, ${stops.wrong} had a better ${metric.name} at their end than the best by then, ${stops.missed} a better one than the best of all`,
    beyond === 0
      ? ""
      : `${count(beyond, "trial")} would go on beyond the record and count as far as it goes: what is saved is at most this, and the best may be better`,
    untried === 0 ? "" : `${count(untried, "trial")} would not have been tried`,
  ];
  return remarks.filter((remark) => remark !== "").map((remark) => `${name}: ${oneLine(remark)}`);
}

/** "850 ms", "12.4 s", "12:40". */
function inShort(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : inClock(milliseconds);
}
