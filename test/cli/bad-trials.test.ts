import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { TestFolder } from "./cli.ts";

const place = new TestFolder();
afterAll(() => place.remove());

/** What `trial show` says of each fault. */
const faults: Readonly<Record<string, RegExp>> = {
  throws: /^why it failed \(error\): RangeError: learning rate exploded$/m,
  exits: /^why it failed \(exit\): left with code 3$/m,
  aborts: /^why it failed \(signal\): was ended by SIGABRT$/m,
  loops: /^why it failed \(timeout\): ran longer than 3 s$/m,
  "ignores SIGTERM": /^why it failed \(timeout\): ran longer than 3 s$/m,
  // Too much output is no reason to lose a result: it is bounded, and said.
  floods: /^end of .*stdout\.log \(it printed too much: \d{9} bytes in its middle were left out\)$/m,
  NaN: /^why it failed \(non-finite\): loss was NaN at step 1$/m,
  "hogs memory": /^why it failed \(memory\): used \d+ MB, over the limit of 400 MB$/m,
  "prints garbage":
    /^why it failed \(no-result\): expected the objective to return .*received a string \("so long"\)$/m,
};

describe("a study of trials that go wrong", async () => {
  const names = ["fine", ...Object.keys(faults)];
  place.write("space.json", {
    name: "bad",
    objective: { module: fileURLToPath(new URL("../fixtures/objectives/bad-trials.mjs", import.meta.url)) },
    metric: { name: "loss", goal: "minimize" },
    parameters: { fault: { type: "categorical", choices: names } },
    enqueue: names.map((fault) => ({ fault })),
    strategy: "random",
    stop: { trials: names.length },
    workers: { cpus: 2 },
    trial: { timeout: "3s", grace: "1s", memory: "400MB" },
    seed: 1,
  });
  const study = await place.run(["study", "start", "space.json"]);

  it("comes to its end", () => {
    expect(study).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`all ${names.length} trials asked for are done`),
    });
  });

  it.each(Object.entries(faults))(
    "shows of the trial that %s what went wrong, and how to see it again",
    async (fault, words) => {
      const number = String(names.indexOf(fault));
      const { code, stdout } = await place.run(["trial", "show", "bad", number]);
      expect(code).toBe(0);
      expect(stdout).toMatch(words);
      expect(stdout).toContain(`\n  hpo trial run bad ${number}\n`);
      // What objectives print never reaches the terminal as it is.
      for (const character of stdout) expect(character === "\n" || character >= " ").toBe(true);
    },
  );

  it("shows of a missing command its name, and ends at once when every trial lacks it", async () => {
    place.write("command.json", {
      name: "missing",
      objective: { command: ["no-such-program", "{x}"] },
      metric: { name: "loss", goal: "minimize" },
      parameters: { x: { type: "float", low: 0, high: 1 } },
      seed: 1,
    });
    expect(await place.run(["study", "start", "command.json"])).toMatchObject({ code: 1 });
    const { stdout } = await place.run(["trial", "show", "missing", "0"]);
    expect(stdout).toMatch(/^why it failed \(launch\): cannot start "no-such-program": no such command$/m);
    expect(stdout).toMatch(/^ {2}mkdir -p .* && cd .* no-such-program 0\.\d+$/m);
  });

  it("runs a bad trial again by the command that it shows", async () => {
    const { code, stdout, stderr } = await place.run(["trial", "run", "bad", String(names.indexOf("throws"))]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("RangeError: learning rate exploded");
  });
});
