import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spec, TRAIN, TestFolder } from "./cli.ts";

/** Command lines that are wrong, or ask for help. */

let place: TestFolder;

beforeAll(() => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec());
  place.write("list.json", [1, 2]);
  place.write("bad.json", '{ "name": "bad", }');
});

afterAll(() => place.remove());

describe("bad input ends with 2 and says what to do", () => {
  test.each<[string[], RegExp]>([
    [[], /Usage: hpo <command>/],
    [["stduy"], /there is no command "stduy"; did you mean "study"\?/],
    [["start"], /there is no command "start"; did you mean "study start"\?/],
    [["study", "strat", "space.json"], /there is no command "study strat"; did you mean "study start"\?/],
    [["study", "start"], /"hpo study start" needs SPACE after it/],
    [["study", "enqueue", "toy"], /"hpo study enqueue" needs NAME and PARAMS after it/],
    [["study", "start", "space.json", "--trails", "3"], /has no option --trails; did you mean "--trials"\?/],
    [["study", "start", "space.json", "more"], /expected nothing more, received "more"/],
    [["study", "start", "space.json", "--trials", "0"], /--trials: expected an integer of at least 1, received "0"/],
    [["study", "start", "space.json", "--cpus=two"], /--cpus: expected an integer of at least 1, received "two"/],
    [
      ["study", "start", "space.json", "--gpus", "0,,1"],
      /--gpus: expected auto, none or a list such as 0,1, received "0,,1"/,
    ],
    [["study", "start", "space.json", "--strategy", "hyperbnd"], /strategy: expected .*did you mean "hyperband"\?/],
    [["study", "start", "space.json", "--name", "a/b"], /name/],
    [["study", "start", "none.json"], /none\.json: expected a spec, found no such file/],
    [["study", "start", "bad.json"], /bad\.json:1:18: expected /],
    [["study", "export", "toy", "--format", "cvs"], /--format: expected "csv".*did you mean "csv"\?/],
    [["trial", "show", "toy", "first"], /NUMBER: expected an integer of at least 0, received "first"/],
    [["study", "resume", "toy"], /expected a study named "toy".*there are no studies there/],
  ])("hpo %j", async (argv, message) => {
    const { code, stdout, stderr } = await place.run(argv);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

test("hpo help is help, and options of other tools are told what they are called here", async () => {
  expect((await place.run(["help"])).stdout).toMatch(/^hpo: finds good hyperparameters/);
  expect((await place.run(["help", "study", "start"])).stdout).toMatch(/--strategy/);
  const { code, stderr } = await place.run(["study", "start", "space.json", "--workers", "4"]);
  expect(code).toBe(2);
  expect(stderr).toContain('has no option --workers; did you mean "--cpus"?');
});

test("several mistakes are told at once", async () => {
  const { stderr } = await place.run(["study", "start", "space.json", "--trials", "x", "--cpus", "0"]);
  expect(stderr).toMatch(/2 problems:\n {2}--trials: .*\n {2}--cpus: /);
});

test("help lists every command and its options", async () => {
  const { code, stdout } = await place.run(["--help"]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/hpo study <command> .*start, resume, enqueue/);
  const start = await place.run(["study", "start", "--help"]);
  expect(start.stdout).toMatch(/--strategy +Strategy, instead of the spec's/);
  expect((await place.run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("both ways of reading a command line agree", async () => {
  // A value that begins with a dash, and a flag with a value, take the long way.
  for (const argv of [
    ["study", "list", "--directory", "elsewhere"],
    ["study", "list", "--directory=elsewhere", "--json=false"],
  ]) {
    expect(await place.run(argv)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("no studies in elsewhere") as string,
    });
  }
});

describe("space check", () => {
  test("sums up a spec that is right", async () => {
    const { code, stdout } = await place.run(["space", "check", "space.json"]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      "space.json: ok\n  2 parameters\n  strategy bayesian (chosen for you)\n  minimize loss; stops after 4 trials\n",
    );
    expect(await place.json("space", "check", "space.json")).toEqual([]);
  });

  test("tells all problems with their paths", async () => {
    place.write(
      "wrong.json",
      spec({
        objective: { module: "./nowhere.mjs" },
        strategy: "hyperband",
        parameters: { lr: { type: "float", low: 1, high: 0 } },
      }),
    );
    const { code, stderr } = await place.run(["space", "check", "wrong.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain("wrong.json has 3 problems:");
    const json = await place.run(["space", "check", "wrong.json", "--json"]);
    expect(json.code).toBe(2);
    const paths = (JSON.parse(json.stdout) as readonly { path: string }[]).map(({ path }) => path);
    expect(paths).toContain("strategy");
    expect(paths).toContain("objective.module");
    expect(paths.some((path) => path.startsWith("parameters.lr"))).toBe(true);
  });

  test("a file that is no JSON is one problem", async () => {
    const { code, stdout } = await place.run(["space", "check", "bad.json", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([
      { path: "", received: expect.stringContaining("bad.json:1:18") as string },
    ]);
  });
});
