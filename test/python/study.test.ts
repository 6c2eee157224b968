import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TestFolder } from "../cli/cli.ts";

/** `hpo.Study`: a Python program that drives a study of the built command line. */

const MODULE = fileURLToPath(new URL("../../python", import.meta.url));

let folder: TestFolder;
beforeEach(() => (folder = new TestFolder()));
afterEach(() => folder.remove());

const SPEC = `
import json, math, hpo
spec = {
    "name": "driven",
    "metric": {"name": "loss", "goal": "minimize"},
    "parameters": {
        "x": {"type": "float", "low": -5, "high": 5},
        "kind": {"type": "categorical", "choices": ["a", "b"]},
    },
    "strategy": "random", "seed": 1, "stop": {"trials": 4},
}
`;

/** What the program prints, each line of it JSON. */
function python(code: string): readonly unknown[] {
  const printed = execFileSync("python3", ["-c", SPEC + code], {
    cwd: folder.folder,
    encoding: "utf8",
    env: { ...process.env, PYTHONPATH: MODULE },
  });
  return printed
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

const HALF = `
with hpo.Study(spec) as study:
    study.enqueue({"x": 1, "kind": "b"})
    for asked in study:
        print(json.dumps([asked.number, type(asked.params.x).__name__, asked.params.kind, asked.budget, asked.start_step]))
        study.tell(asked, loss=asked.params.x ** 2)
        if asked.number == 1:
            break
    print(json.dumps(study.best._asdict()))
`;

test("asks, tells and knows the best; opened again it goes on", async () => {
  const [first, second, best] = python(HALF);
  expect(first).toEqual([0, "float", "b", 1, 1]);
  expect((second as unknown[]).slice(0, 2)).toEqual([1, "float"]);
  expect(best).toMatchObject({ number: expect.any(Number) as number, value: expect.any(Number) as number });
  const rest = python(`
with hpo.Study(spec) as study:
    print(json.dumps([asked.number for asked in study if study.tell(asked, loss=9) is None]))
    print(json.dumps(study.ask()))
`);
  expect(rest).toEqual([[2, 3], null]);
  expect(await folder.json("study", "show", "driven")).toMatchObject({
    state: "finished",
    trials: [0, 1, 2, 3].map((number) => ({ number, state: "complete" })),
  });
  expect(await folder.run(["study", "verify", "driven"])).toMatchObject({ code: 0 });
});

test("a run is reported, stopped and told in each of its states", async () => {
  const printed = python(`
spec["strategy"] = {"sampler": "random", "scheduler": {"name": "threshold", "upper": 5}}
spec["budget"] = {"max": 3}
with hpo.Study(spec) as study:
    asked = study.ask()
    print(json.dumps([study.report(asked, 1, loss=1.5).stop, study.report(asked, 2, loss=9).stop]))
    study.tell(asked, state="pruned")
    study.tell(study.ask(), state="failed", cause="no luck")
    study.tell(study.ask(), loss=float("nan"))
    study.tell(study.ask(), loss=0.5)
`);
  expect(printed).toEqual([[false, true]]);
  const { trials } = await folder.json<{ trials: readonly unknown[] }>("study", "show", "driven");
  expect(trials).toMatchObject([
    { state: "pruned" },
    { state: "failed", cause: { message: "no luck" } },
    { state: "failed", cause: { kind: "non-finite" } },
    { state: "complete", value: 0.5 },
  ]);
});

test("errors are exceptions with the engine's code, and the study goes on", () => {
  const printed = python(`
def code(act):
    try:
        act()
    except hpo.HpoError as error:
        return error.code

with hpo.Study(spec) as study:
    print(json.dumps(code(lambda: study.enqueue({"x": 9, "kind": "a"}))))
    asked = study.ask()
    print(json.dumps(code(lambda: study.report(asked, -1, loss=1))))
    study.tell(asked, loss=1)
    print(json.dumps(code(lambda: study.tell(asked, loss=1))))
    other = {**spec, "parameters": {**spec["parameters"], "x": {"type": "float", "low": 0, "high": 1}}}
print(json.dumps(code(lambda: hpo.Study(other))))
print(json.dumps(code(lambda: hpo.Study({**spec, "name": "new", "metric": 5}))))
print(json.dumps(code(lambda: hpo.Study("no-such-file.json"))))
print(json.dumps(code(lambda: study.ask())))
`);
  expect(printed).toEqual([
    "invalid-spec",
    "invalid-argument",
    "run-closed",
    "study-exists",
    "invalid-spec",
    "invalid-argument",
    "run-closed",
  ]);
});
