import { afterAll, describe, expect, it } from "vitest";
import type { Recorded } from "../../src/history/events.ts";
import { readJournal } from "../../src/journal/read-journal.ts";
import { spec, TestFolder } from "./cli.ts";

const place = new TestFolder();
afterAll(() => place.remove());

/** Sets the clock of the coordinator once a trial has written the file "set". */
const CLOCK = `
import { existsSync } from "node:fs";
const real = Date.now;
Date.now = () => real.call(Date) + (existsSync(process.env.SET) ? Number(process.env.BY) : 0);
`;

const SETS = `
import { writeFileSync } from "node:fs";
export default (params, trial) => {
  writeFileSync(process.env.SET, "");
  return params.lr;
};
`;

describe("a clock that is set while a study runs", () => {
  place.write("clock.mjs", CLOCK);
  place.write("sets.mjs", SETS);

  const HOUR = 3_600_000;
  it.each([
    ["forward", HOUR],
    ["backward", -HOUR],
  ])("changes no running time when it is set %s", async (name, by) => {
    place.write(
      "space.json",
      spec({ name, objective: { module: "./sets.mjs" }, strategy: "random", stop: { trials: 4, time: "30m" } }),
    );
    const environment = {
      SET: `${place.folder}/${name}.set`,
      BY: String(by),
      NODE_OPTIONS: `--import ${place.folder}/clock.mjs`,
    };
    const run = await place.run(["study", "start", "space.json", "--quiet"], environment);
    expect(run).toMatchObject({ code: 0 });
    const times: number[] = [];
    const completed: Recorded[] = [];
    readJournal(`${place.folder}/studies/${name}/journal.jsonl`, (event) => {
      times.push(event.at);
      if (event.type === "run-ended") completed.push(event);
    });
    expect(completed).toHaveLength(4);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect((times.at(-1) as number) - (times[0] as number)).toBeLessThan(HOUR / 2);
  });
});
