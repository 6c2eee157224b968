import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pictureNames } from "../../page/pictures.ts";
import { PICTURES } from "../../src/report/picture-text.ts";
import type { ReportData } from "../../src/views/payload.ts";
import { spec, TRAIN, TestFolder, WAITS } from "./cli.ts";

/** The words of `study report`; test/page/e2e/report-file.test.ts opens what it writes. */

let place: TestFolder;
const read = (file: string): string => readFileSync(join(place.folder, file), "utf8");
const dataOf = (html: string): ReportData =>
  JSON.parse(/<script type="application\/json" id="report-data">(.*?)<\/script>/.exec(html)?.[1] ?? "") as ReportData;

beforeAll(async () => {
  place = new TestFolder();
  place.write("train.mjs", TRAIN);
  place.write("space.json", spec({ strategy: { sampler: "random", scheduler: "full" }, stop: { trials: 10 } }));
  expect((await place.run(["study", "start", "space.json"])).code).toBe(0);
});

afterAll(() => place.remove());

test("what can be asked for is what can be drawn", () => {
  expect(PICTURES).toEqual(pictureNames);
});

test("a report is written beside where one is, and again over itself", async () => {
  const first = await place.run(["study", "report", "toy"]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  expect(first.stdout).toMatch(/^toy with 10 trials written to toy-report\.html \([\d.]+ [KM]B\)\n$/);
  const { study, importance, engine } = dataOf(read("toy-report.html"));
  const shown = await place.json<{ trials: readonly { value: number }[] }>("study", "show", "toy");
  expect(study.trials.map(({ value }) => value)).toEqual(shown.trials.map(({ value }) => value));
  expect(importance).toEqual(await place.json("study", "importance", "toy"));
  expect(study.head).toMatchObject({ name: "toy", state: "finished", folder: "studies/toy" });

  const told = await place.json<object>("study", "report", "toy");
  const file = join(place.folder, "toy-report.html");
  expect(told).toEqual({
    file,
    format: "html",
    view: null,
    bytes: statSync(file).size,
    state: "finished",
    trials: 10,
    seq: study.seq,
  });
  expect(read("toy-report.html").slice(0, 100)).toContain(engine);
});

test("another file is left alone, unless it is forced", async () => {
  place.write("mine.html", "<p>mine</p>");
  const refused = await place.run(["study", "report", "toy", "--out", "mine.html"]);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toBe(
    'hpo: --out: mine.html is there, and is neither a report nor a picture of "hpo study report": choose another name, or overwrite it with --force\n',
  );
  expect(read("mine.html")).toBe("<p>mine</p>");
  expect((await place.run(["study", "report", "toy", "--out", "mine.html", "--force"])).code).toBe(0);
  expect(dataOf(read("mine.html")).study.trials).toHaveLength(10);
  expect((await place.run(["study", "report", "toy", "--out", "no/such/folder.html"])).stderr).toMatch(
    /^hpo: --out: no\/such\/folder\.html cannot be written: ENOENT/,
  );
});

test("a picture has the size and the colours that it was asked to have", async () => {
  const words = ["--view", "ecdf", "--width", "500", "--height", "333", "--theme", "dark"];
  expect(await place.run(["study", "report", "toy", ...words])).toMatchObject({ code: 0, stderr: "" });
  const svg = read("toy-ecdf.svg");
  expect(svg).toMatch(/<svg [^>]*width="500" height="333"/);
  expect(svg).toContain('fill="#12161c"');
  expect((await place.run(["study", "report", "toy", "--view", "ecdf"])).code).toBe(0);
  expect(read("toy-ecdf.svg")).toMatch(/<svg [^>]*width="960"/);
});

test.each([
  [["--format", "csv"], '--format: expected html, or a picture\'s name in --view, received "csv"'],
  [["--format", "png", "--view", "rank"], 'choose "Save as" beside the picture, then PNG'],
  [["--format", "html", "--view", "rank"], "leave --view out for the report"],
  [["--format", "sgv", "--view", "rank"], 'did you mean "svg"?'],
  [["--view", "contuor"], 'did you mean "contour"?'],
  [["--view", "rank", "--format", "json", "--width", "300", "--theme", "dark"], "has 2 problems"],
  [["--theme", "dark"], '--theme: expected svg, the format that has it, received the format "html"'],
  [["--out", "-", "--json"], "leave one out"],
])("%j is bad input", async (words, problem) => {
  const { code, stdout, stderr } = await place.run(["study", "report", "toy", ...words]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(problem);
});

test("a study that is not there is named, with the one that is near", async () => {
  const { code, stderr } = await place.run(["study", "report", "tyo"]);
  expect(code).toBe(2);
  expect(stderr).toContain('did you mean "toy"?');
});

test("a study that runs is reported as it is; one without results too", async () => {
  place.write("waits.mjs", WAITS);
  place.write("waits.json", spec({ name: "waits", objective: { module: "./waits.mjs" }, stop: { trials: 2 } }));
  const running = place.start(["study", "start", "waits.json", "--json"]);
  await running.saw(/"type":"reported"/);
  const { code, stdout } = await place.run(["study", "report", "waits"]);
  expect(code).toBe(0);
  expect(stdout).toContain("the study runs: this is what it was at this moment\n");
  const { study, importance } = dataOf(read("waits-report.html"));
  expect(study.head).toMatchObject({ state: "running", best: null });
  expect(importance.problem).not.toBeNull();
  for (const view of ["curves", "timeline"]) {
    const words = ["study", "report", "waits", "--view", view, "--out", "-"];
    expect(await place.run(words)).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("</svg>") });
  }
  place.write("go", "");
  expect((await running.ended).code).toBe(0);
});

test("a study without a trial has a report, and pictures of nothing", async () => {
  const name = "killed";
  const [created = ""] = read("studies/toy/journal.jsonl").split("\n");
  place.write(`studies/${name}/journal.jsonl`, `${created}\n`);
  expect(await place.run(["study", "report", name])).toMatchObject({ code: 0, stderr: "" });
  const { study } = dataOf(read(`${name}-report.html`));
  expect(study.trials).toEqual([]);
  expect(study.head).toMatchObject({ name, state: "interrupted" });
  for (const view of ["history", "timeline", "importance"] as const) {
    const words = ["study", "report", name, "--view", view, "--out", "-"];
    expect(await place.run(words)).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("</svg>") });
    const table = await place.run([...words, "--format", "json"]);
    expect(JSON.parse(table.stdout)).toEqual([]);
  }
});
