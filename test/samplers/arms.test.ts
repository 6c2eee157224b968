import { describe, expect, it } from "vitest";
import type { HistoryView } from "../../src/history/view.ts";
import { chooseArm, type Arm } from "../../src/samplers/arms.ts";

interface Tried {
  readonly source: string;
  /** At the whole budget; undefined for one that failed. */
  readonly loss: number | undefined;
}

function historyOf(tried: readonly Tried[], seed = "1"): HistoryView {
  const outcomes = tried.map(({ loss }, trial) => ({
    trial,
    kind: loss === undefined ? "failed" : "completed",
    budget: 9,
    curve: [],
    value: loss,
  }));
  const trials = tried.map(({ source, loss }, number) => ({
    number,
    source,
    state: loss === undefined ? "failed" : "complete",
  }));
  const settings = { metric: { name: "loss", goal: "minimize" }, budget: { min: 1, max: 9 }, seed };
  return { settings, maxBudget: 9, outcomes, trials } as unknown as HistoryView;
}

/** How often each arm is taken for the next trials. */
function sharesOf(history: HistoryView, draws = 4000): Readonly<Record<Arm, number>> {
  const counts = { gp: 0, screened: 0, random: 0 };
  for (let trial = 1000; trial < 1000 + draws; trial++) counts[chooseArm(history, trial).arm]++;
  return { gp: counts.gp / draws, screened: counts.screened / draws, random: counts.random / draws };
}

const ARMS: readonly Arm[] = ["gp", "screened", "random"];
const byTurns = (count: number, loss: (source: Arm, index: number) => number | undefined): readonly Tried[] =>
  Array.from({ length: count }, (_, index) => {
    const source = ARMS[index % 3] as Arm;
    return { source, loss: loss(source, index) };
  });

describe("the arm from which a trial comes", () => {
  it("is each in turn while fewer than twenty-four trials are known, failed ones included", () => {
    const few = historyOf(byTurns(23, (_, index) => (index === 4 ? undefined : index)));
    for (let trial = 0; trial < 9; trial++)
      expect(chooseArm(few, trial)).toEqual({ arm: ARMS[trial % 3], why: "while little is known, they take turns" });
    expect(chooseArm(historyOf(byTurns(24, () => undefined)), 3).why).toMatch(/^0 of 8 trials found so /);
  });

  it("is most often the one that finds good ones, and never one with less than 25 %", () => {
    for (const good of ARMS) {
      const history = historyOf(byTurns(60, (source, index) => (source === good ? 0 : 100) + index));
      const shares = sharesOf(history);
      // Of 60 the best 6 are all its own: 7 of 23 against 1 of 23 twice.
      for (const arm of ARMS) {
        const expected = 0.25 + 0.25 * (arm === good ? 7 / 9 : 1 / 9);
        expect(Math.abs(shares[arm] - expected)).toBeLessThan(0.03);
      }
    }
    const crowd = Array.from({ length: 997 }, (_, index) => ({ source: "gp", loss: index }));
    const hopeless = [...crowd, { source: "screened", loss: 1e9 }, { source: "screened", loss: 1e9 + 1 }];
    for (let index = 0; index < 300; index++) hopeless.push({ source: "random", loss: 1e10 + index });
    expect(sharesOf(historyOf(hopeless), 2000).random).toBeGreaterThan(0.22);
  });

  it("goes by how many of its trials are good, not by how many it had", () => {
    const few = Array.from({ length: 10 }, (_, index) => ({
      source: "screened",
      loss: index < 5 ? index : 1000 + index,
    }));
    const many = Array.from({ length: 90 }, (_, index) => ({
      source: "gp",
      loss: index < 5 ? 10 + index : 500 + index,
    }));
    const { screened, gp } = sharesOf(historyOf([...few, ...many]));
    expect(screened).toBeGreaterThan(gp);
  });

  it("counts what is foretold to end at exactly the same loss once, as the older one's", () => {
    const repeated = historyOf(byTurns(60, (source, index) => (source === "gp" ? 0 : 1 + index)));
    // One of the best six is the process's, the others are of both.
    const whys = new Set(Array.from({ length: 200 }, (_, trial) => chooseArm(repeated, trial).why));
    expect(whys).toContain("1 of 20 trials found so are among the best 6, for which it is taken with 31 %");
    expect([...whys].some((why) => why.startsWith("3 of 20 "))).toBe(true);
    expect([...whys].some((why) => why.startsWith("2 of 20 "))).toBe(true);
  });

  it("says how many of the best it found, and with which share it is taken", () => {
    const history = historyOf(byTurns(30, (source, index) => (source === "random" ? 0 : 100) + index));
    for (let trial = 0; trial < 50; trial++) {
      const { arm, why } = chooseArm(history, trial);
      // 4 of 13 against 1 of 13 twice.
      expect(why).toBe(
        arm === "random"
          ? "3 of 10 trials found so are among the best 3, for which it is taken with 42 %"
          : "0 of 10 trials found so are among the best 3, for which it is taken with 29 %",
      );
    }
  });

  it("depends on the history and the seed alone", () => {
    const losses = (source: Arm, index: number): number => (source === "gp" ? 0 : 50) + index;
    const choices = (seed: string): readonly Arm[] => {
      const history = historyOf(byTurns(40, losses), seed);
      return Array.from({ length: 60 }, (_, trial) => chooseArm(history, trial).arm);
    };
    expect(choices("1")).toEqual(choices("1"));
    expect(choices("2")).not.toEqual(choices("1"));
  });

  it("leaves out what came from elsewhere", () => {
    const own = byTurns(30, (_, index) => 10 + index);
    const foreign = Array.from({ length: 10 }, (_, index) => ({ source: "sobol", loss: index }));
    const { gp, screened, random } = sharesOf(historyOf([...foreign, ...own]));
    for (const share of [gp, screened, random]) expect(Math.abs(share - 1 / 3)).toBeLessThan(0.04);
  });
});
