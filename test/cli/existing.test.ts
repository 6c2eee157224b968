import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStudy } from "../../dist/index.js";
import { spec, TestFolder, TRAIN, WAITS } from "./cli.ts";

/** A study that is there already: it keeps its spec, may be gone on with, replaced or deleted. */

let place: TestFolder;
beforeEach(async () => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec());
  await place.run(["study", "start", "space.json", "--quiet"]);
});
afterEach(() => place.remove());

test("start says that the study keeps its spec, and what differs", async () => {
  const same = await place.run(["study", "start", "space.json"]);
  expect(same.code).toBe(2);
  expect(same.stderr).toContain('a study named "toy" is already in');
  expect(same.stderr).not.toContain("differs");
  place.write("space.json", spec({ metric: { name: "loss", goal: "maximize" }, stop: { trials: 9 }, seed: undefined }));
  const { code, stderr } = await place.run(["study", "start", "space.json"]);
  expect(code).toBe(2);
  expect(stderr).toContain('  metric.goal: "minimize" in the study, "maximize" in the spec\n');
  expect(stderr).toContain("  stop.trials: 4 in the study, 9 in the spec\n");
  expect(stderr).not.toContain("seed");
  expect(stderr).toMatch(/study resume toy[\s\S]*--overwrite/);
});

test("start --overwrite begins anew", async () => {
  place.write("space.json", spec({ stop: { trials: 2 } }));
  expect(await place.run(["study", "start", "space.json", "--overwrite", "--quiet"])).toMatchObject({ code: 0 });
  const { trials } = await place.json<{ trials: readonly unknown[] }>("study", "show", "toy");
  expect(trials).toHaveLength(2);
  expect(existsSync(join(place.folder, "studies/toy/trials/3"))).toBe(false);
});

test("a spec that is wrong overwrites nothing", async () => {
  place.write("space.json", spec({ strategy: "no-such" }));
  expect(await place.run(["study", "start", "space.json", "--overwrite"])).toMatchObject({ code: 2 });
  expect(await place.run(["study", "verify", "toy"])).toMatchObject({ code: 0 });
});

describe("delete", () => {
  test("asks for --yes where nobody can be asked, then deletes the folder", async () => {
    const asked = await place.run(["study", "delete", "toy"]);
    expect(asked.code).toBe(2);
    expect(asked.stderr).toContain("--yes");
    expect(await place.run(["study", "delete", "toy", "--yes"])).toMatchObject({
      code: 0,
      stdout: 'study "toy" is deleted, with 4 trials\n',
    });
    expect(existsSync(join(place.folder, "studies/toy"))).toBe(false);
    expect(await place.run(["study", "delete", "toy", "--yes"])).toMatchObject({ code: 2 });
  });

  test("deletes a damaged study", async () => {
    place.write("studies/toy/journal.jsonl", "{}\n{}\n");
    expect(await place.run(["study", "delete", "toy", "--yes"])).toMatchObject({ code: 0 });
    expect(existsSync(join(place.folder, "studies/toy"))).toBe(false);
  });

  test("refuses while it runs, as overwriting does", async () => {
    place.write("train.mjs", WAITS);
    const running = place.start(["study", "start", "space.json", "--overwrite", "--json"]);
    await running.saw(/"reported"/);
    for (const words of [
      ["study", "delete", "toy", "--yes"],
      ["study", "start", "space.json", "--overwrite"],
    ]) {
      const { code, stderr } = await place.run(words);
      expect(code).toBe(1);
      expect(stderr).toContain("is in use by process");
    }
    place.write("go", "");
    expect(await running.ended).toMatchObject({ code: 0 });
  });
});

describe("createStudy", () => {
  const options = () => {
    const { objective: _, ...rest } = spec() as Parameters<typeof createStudy>[0] & { objective: unknown };
    return { ...rest, name: "mine", directory: join(place.folder, "studies") };
  };

  test("refuses, goes on or begins anew by ifExists", async () => {
    const first = await createStudy(options());
    const asked = await first.ask();
    await first.tell(asked ?? { run: 0 }, { loss: 1 });
    await first.close();
    await expect(createStudy(options())).rejects.toMatchObject({ code: "study-exists" });
    await expect(createStudy({ ...options(), ifExists: "resum" as "resume" })).rejects.toMatchObject({
      code: "invalid-argument",
    });
    const second = await createStudy({ ...options(), ifExists: "resume" });
    expect(second.history.trials).toHaveLength(1);
    await second.close();
    const other = { ...options(), parameters: { lr: { type: "float", low: 0, high: 9 } } } as const;
    await expect(createStudy({ ...other, ifExists: "resume" })).rejects.toThrow(
      /parameters.lr.high: 0.1 in the study, 9/,
    );
    const third = await createStudy({ ...other, ifExists: "overwrite" });
    expect(third.history.trials).toHaveLength(0);
    await third.close();
  });

  test("creates what is not there, whatever ifExists says", async () => {
    for (const ifExists of ["resume", "overwrite"] as const) {
      const study = await createStudy({ ...options(), name: ifExists, ifExists });
      expect(study.history.trials).toHaveLength(0);
      await study.close();
    }
  });
});
