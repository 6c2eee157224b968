import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { spec, TestFolder, WAITS } from "./cli.ts";

/** `study show --watch`: a study that another process runs, in words. */

let place: TestFolder;

beforeEach(() => {
  place = new TestFolder();
  place.write("train.mjs", WAITS);
  place.write("space.json", spec({ budget: { min: 1, max: 3, unit: "epochs" }, strategy: "asha" }));
});

afterEach(() => place.remove());

const WATCH = ["study", "show", "toy", "--watch"];

const go = (): void => writeFileSync(join(place.folder, "go"), "");

/** What was chosen and found is told by that process alone; how long it took is measured by each. */
function told(stdout: string): readonly string[] {
  return stdout
    .split("\n")
    .filter((line) => !/^(chosen for you|no GPU was found)/.test(line))
    .map((line) => line.replace(/, in .*/, ""));
}

test("piped, it says what the process says that runs it, from the start of the session to its end", async () => {
  const study = place.start(["study", "start", "space.json"]);
  await study.saw(/^trial 0 started/m);
  const watch = place.start(WATCH);
  await watch.saw(/^trial 0 started/m);
  go();
  const [ran, watched] = [await study.ended, await watch.ended];
  expect(watched).toMatchObject({ code: 0, stderr: "" });
  expect(watched.stdout).not.toContain("\u001B");
  expect(told(watched.stdout)).toEqual(told(ran.stdout));
  expect(watched.stdout).toMatch(/^toy finished: all 4 trials asked for are done$/m);
  const after = await place.run(WATCH);
  expect(after).toMatchObject({ code: 0, stdout: expect.stringMatching(/^toy finished: /) as string });
});

test("Ctrl-C ends the watching alone", async () => {
  const study = place.start(["study", "start", "space.json"]);
  await study.saw(/^trial 0 started/m);
  const watch = place.start(WATCH);
  await watch.saw(/^trial 0 started/m);
  watch.child.kill("SIGINT");
  expect(await watch.ended).toMatchObject({ code: 0, stderr: "" });
  go();
  expect((await study.ended).code).toBe(0);
});

test("a coordinator that is killed ends it, with the way to go on", async () => {
  const study = place.start(["study", "start", "space.json"]);
  await study.saw(/^trial 0 started/m);
  const watch = place.start(WATCH);
  await watch.saw(/^trial 0 started/m);
  study.child.kill("SIGKILL");
  const { code, stdout } = await watch.ended;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^toy interrupted$/m);
  expect(stdout).toContain("hpo study resume toy");
});

test("it is a view for people", async () => {
  const { code, stderr } = await place.run([...WATCH, "--json"]);
  expect(code).toBe(2);
  expect(stderr).toContain("--watch: expected without --json");
});
