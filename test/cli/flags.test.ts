import { afterAll, expect, test } from "vitest";
import { TestFolder } from "./cli.ts";

const place = new TestFolder();
afterAll(() => place.remove());

test("what the flags replace may be missing or wrong in the file", async () => {
  place.write("package.json", { type: "module" });
  place.write("train.js", "export default ({ x }) => x;");
  place.write("space.json", {
    objective: { module: "./train.js" },
    metric: { name: "loss", goal: "minimize" },
    parameters: { x: { type: "float", low: 0, high: 1 } },
    strategy: "nonsense",
    seed: 1,
  });
  const flags = ["--name", "foo", "--strategy", "random", "--trials", "2"];
  const { code, stdout } = await place.run(["study", "start", "space.json", ...flags]);
  expect(code).toBe(0);
  expect(stdout).toContain("foo finished: all 2 trials asked for are done");
});
