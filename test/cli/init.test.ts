import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { pythonWith } from "../support/python.ts";
import { TestFolder } from "./cli.ts";

/** `hpo init`: what it writes runs at once. */

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let place: TestFolder;
beforeEach(() => (place = new TestFolder()));
afterEach(() => place.remove());

/** Templates whose libraries are looked for; the others need none. */
const PYTHON: Readonly<Record<string, readonly string[]>> = {
  sklearn: ["sklearn"],
  xgboost: ["xgboost", "numpy"],
  pytorch: ["torch"],
  keras: ["keras", "jax"],
};

describe.each(readdirSync(join(ROOT, "templates")))("the template %s", (template) => {
  const { python, reason } = pythonWith(...(PYTHON[template] ?? ["json"]));
  const name =
    python === undefined ? `runs, with a winner and its model (${reason})` : "runs, with a winner and its model";

  test.skipIf(python === undefined)(name, { timeout: 300_000 }, async () => {
    place.write("package.json", { type: "commonjs" });
    // The project's own packages, and its own Python.
    mkdirSync(join(place.folder, "node_modules"));
    symlinkSync(ROOT, join(place.folder, "node_modules/hpo"));
    const env = { PATH: `${dirname(python ?? "")}:${process.env["PATH"] ?? ""}`, KERAS_BACKEND: "jax" };
    const init = await place.run(["init", "--template", template]);
    expect(init).toMatchObject({ code: 0, stderr: "" });
    expect(init.stdout).toMatch(/^wrote .*space\.json/);
    const check = await place.run(["space", "check", "space.json"]);
    expect(check).toMatchObject({ code: 0, stderr: "" });
    const start = await place.run(["study", "start", "space.json", "--trials", "4"], env);
    expect(start).toMatchObject({ code: 0, stderr: "" });
    const study = /best (\S+)\n$/.exec(init.stdout)?.[1] ?? "";
    const best = await place.json<{ number: number; value: number; checkpoint: string | null }>("study", "best", study);
    expect(Number.isFinite(best.value)).toBe(true);
    expect(readdirSync(best.checkpoint ?? "")).not.toEqual([]);
  });
});

test("nothing is written over without --force", async () => {
  place.write("train.py", "mine");
  const refused = await place.run(["init", "--template", "python"]);
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("train.py");
  expect(existsSync(join(place.folder, "space.json"))).toBe(false);
  expect(await place.run(["init", "--template", "python", "--force"])).toMatchObject({ code: 0 });
  expect(readFileSync(join(place.folder, "train.py"), "utf8")).toContain("import hpo");
});

test("without a terminal it asks nothing, and says what it expects", async () => {
  const { code, stderr } = await place.run(["init"]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/expected --template and one of javascript, typescript/);
  expect(await place.run(["init", "--template", "fortran"])).toMatchObject({ code: 2 });
});

test("a project's own Python, and editors' schema, are in the spec", async () => {
  mkdirSync(join(place.folder, "node_modules/hpo"), { recursive: true });
  cpSync(join(ROOT, "space.schema.json"), join(place.folder, "node_modules/hpo/space.schema.json"));
  place.write(".venv/bin/python", "");
  await place.run(["init", "--template", "python"]);
  expect(JSON.parse(readFileSync(join(place.folder, "space.json"), "utf8"))).toMatchObject({
    $schema: "./node_modules/hpo/space.schema.json",
    objective: { command: [".venv/bin/python", "train.py"] },
  });
});
