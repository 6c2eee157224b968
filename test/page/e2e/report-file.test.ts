import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PICTURES } from "../../../src/report/picture-text.ts";
import { spec, TestFolder } from "../../cli/cli.ts";
import { CHROMIUM, expectAccessible, launch, openPage, WITHOUT } from "./chromium.ts";

/** Each would break out of something: of a script, of a comment, of a line, of a direction of writing, of an element. */
const HOSTILE = [
  "</script><script>globalThis.broken = 1</script>",
  "<!-- <script>",
  "\u2028\u2029 \u202E rtl \u05D0\u05D1 \u{1F600} \uFEFF",
  "<img src=x onerror='globalThis.broken = 2'>",
  `"'&amp;\`\${globalThis.broken = 3}\\u003c`,
];
const CONTROLS = "\u0001\u001B[31m\u007F\uFFFE";
const NAME = "<img src=y onerror='globalThis.broken=4'>";

const TRAIN = `
export default async function train(params, trial) {
  const words = Object.values(params).find((value) => typeof value === "string");
  if (trial.number % 7 === 3) throw new Error(words);
  console.log(words);
  for (let step = 1; step <= trial.budget; step++) {
    const { action } = await trial.report({ step, loss: params.lr + words.length / 100 + 1 / step });
    if (action === "stop") return;
  }
}
`;

if (CHROMIUM === undefined) process.stderr.write(`The tests of the report are skipped: ${WITHOUT}.\n`);

describe.skipIf(CHROMIUM === undefined)("a report that was written", () => {
  const place = new TestFolder();
  const file = (name: string): string => join(place.folder, `${name}-report.html`);
  const href = (name: string): string => pathToFileURL(file(name)).href;
  let browser: Browser | undefined;

  async function studyWithReport(changes: object, ...words: string[]): Promise<void> {
    const { name } = changes as { name: string };
    place.write(`${name}.json`, spec(changes));
    const ended = await place.run(["study", "start", `${name}.json`]);
    expect(ended.stderr).toBe("");
    for (const text of words) await place.run(["study", "note", name, text]);
    expect(await place.run(["study", "report", name])).toMatchObject({ code: 0, stderr: "" });
  }

  beforeAll(async () => {
    place.write("train.mjs", TRAIN);
    const lr = { type: "float", low: 0.1, high: 1 };
    const common = {
      parameters: { lr, words: { type: "categorical", choices: [...HOSTILE, CONTROLS] } },
      stop: { trials: 40 },
    };
    const strategy = { sampler: "random", scheduler: "hyperband" };
    const budget = { min: 1, max: 9, eta: 3, unit: "epochs" };
    await studyWithReport({ ...common, name: "hostile", strategy, budget }, ...HOSTILE);
    const plain = { sampler: "random", scheduler: "full" };
    const named = { lr, [NAME]: { type: "categorical", choices: [...HOSTILE, CONTROLS] } };
    await studyWithReport({ ...common, name: "named", parameters: named, strategy: plain });
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    place.remove();
  });

  async function go(page: Page, hash: string): Promise<void> {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.locator("h1").waitFor();
  }

  it.each([
    ["hostile", "desk", "light"],
    ["named", "phone", "dark"],
  ] as const)("shows every view of %s without a network or a complaint: %s, %s", async (name, size, theme) => {
    const { page, complaints } = await openPage(browser as Browser, href(name), size, theme);
    await page.goto(href(name));
    for (const view of PICTURES) {
      await go(page, `#/study/${name}/view/${view}`);
      await page.locator("figcaption p").first().waitFor();
      if (name === "hostile" || view !== "saved") {
        const canvas = page.locator(".chart-canvas canvas").first();
        const box = await canvas.boundingBox();
        for (const share of [0.2, 0.5, 0.8])
          await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * share, (box?.y ?? 0) + 100 * share + 40);
      }
      await expectAccessible(page);
    }
    for (const screen of ["", "/trials", "/trial/3", "/trial/4", "/trial/11"]) {
      await go(page, `#/study/${name}${screen}`);
      await expectAccessible(page);
    }
    expect(await page.evaluate("globalThis.broken")).toBeUndefined();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("shows foreign words as they are", async () => {
    const { page } = await openPage(browser as Browser, "");
    await page.goto(`${href("hostile")}#/study/hostile`);
    await page
      .getByText(HOSTILE[0] as string, { exact: true })
      .first()
      .waitFor();
    await page
      .getByText(HOSTILE[3] as string, { exact: true })
      .first()
      .waitFor();
    await page.context().close();
  });

  it("has a policy that stops a foreign script and every request", async () => {
    const { page, complaints } = await openPage(browser as Browser, href("hostile"));
    await page.goto(href("hostile"));
    await page.evaluate(`
      const script = document.createElement("script");
      script.textContent = "globalThis.broken = 5";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", "<img src='http://127.0.0.1:9/a.png'>");
    `);
    await expect.poll(() => complaints.filter((words) => words.includes("Content Security Policy")).length).toBe(2);
    expect(await page.evaluate("fetch('http://127.0.0.1:9/').catch(() => 'refused')")).toBe("refused");
    expect(await page.evaluate("globalThis.broken")).toBeUndefined();
    await page.context().close();
  });

  it.each(PICTURES)("is also well-formed files of %s alone", async (view) => {
    const { page } = await openPage(browser as Browser, "");
    for (const name of ["hostile", "named"]) {
      const [svg, csv, json] = await Promise.all(
        ["svg", "csv", "json"].map(async (format) => {
          const argv = ["study", "report", name, "--view", view, "--format", format, "--out", "-"];
          const { code, stdout, stderr } = await place.run(argv);
          expect([code, stderr]).toEqual([0, ""]);
          return stdout;
        }),
      );
      const parsed = `new DOMParser().parseFromString(${JSON.stringify(svg)}, "image/svg+xml").documentElement`;
      expect(await page.evaluate(`[${parsed}.tagName, ${parsed}.querySelector("parsererror")?.textContent]`)).toEqual([
        "svg",
        undefined,
      ]);
      const rows = JSON.parse(json as string) as readonly object[];
      const [columns = [], ...cells] = cellsOf(csv as string);
      expect(cells).toHaveLength(rows.length);
      const told = rows.map((row) => Object.values(row).map((value) => (value === null ? "" : String(value))));
      expect(cells).toEqual(told);
      if (rows.length > 0) expect(Object.keys(rows[0] as object)).toEqual(columns);
    }
    await page.context().close();
  });

  it("holds its data in one element, which nothing in it can end", () => {
    const html = readFileSync(file("hostile"), "utf8");
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script>/gi)).toHaveLength(2);
    expect(html.match(/<!--/g)).toHaveLength(1);
    expect(html).toContain('"folder":"studies/hostile"');
  });
});

/** The cells of a CSV text (RFC 4180). */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}
