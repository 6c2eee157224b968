import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pictureNames, pictureTable } from "../../../page/pictures.ts";
import { csvOf } from "../../../page/charts/table-files.ts";
import { madeStudy } from "../charts/made-study.ts";
import { CHROMIUM, expectAccessible, launch, openPage, WITHOUT } from "./chromium.ts";
import { writeReportPage } from "./report-page.ts";

const study = madeStudy({ trials: 120, rungs: null, failing: (number) => number % 9 === 4 });
const large = madeStudy({ trials: 10_000, failing: (number) => number % 50 === 7 });
const names = Object.keys(study.head.parameters);
const shares = names.map((parameter) => ({ parameter, share: 1 / names.length }));
const importance = { shares, trials: 100, budget: 1, problem: null, note: null };

if (CHROMIUM === undefined) process.stderr.write(`The tests of views are skipped: ${WITHOUT}.\n`);

describe.skipIf(CHROMIUM === undefined)("the views in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "hpo-views-"));
  let browser: Browser;
  const file = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    const report = { madeAt: 1_700_000_000_000, engine: "0.4.0", importance, curvePoints: null };
    writeReportPage(join(folder, "small.html"), { ...report, study });
    writeReportPage(join(folder, "large.html"), { ...report, study: large });
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens a view and waits for its picture. */
  async function show(page: Page, id: string): Promise<Locator> {
    await page.evaluate((hash) => (location.hash = hash), `#/study/made/view/${id}`);
    await page.locator("figcaption p").first().waitFor();
    return page.locator(".chart-canvas canvas").first();
  }

  it.each([
    ["desk", "light"],
    ["phone", "dark"],
  ] as const)("are accessible and quiet, and fit: %s, %s", async (size, theme) => {
    const { page, complaints } = await openPage(browser, file("small"), size, theme);
    await page.goto(file("small"));
    for (const id of pictureNames) {
      await show(page, id);
      await expectAccessible(page);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("select trials by a brush, which the other views then show", async () => {
    const { page, complaints } = await openPage(browser, file("small"));
    await page.goto(file("small"));
    const canvas = await show(page, "parallel");
    const box = await canvas.boundingBox();
    const [x, y] = [(box?.x ?? 0) + 48, box?.y ?? 0];
    await page.mouse.move(x, y + 150);
    await page.mouse.down();
    await page.mouse.move(x, y + 210, { steps: 4 });
    await page.mouse.move(x, y + 270, { steps: 4 });
    await page.mouse.up();
    await show(page, "ecdf");
    await page.getByText("the strong one of those that are selected").waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("open the trial whose mark is clicked", async () => {
    const { page } = await openPage(browser, file("small"));
    await page.goto(file("small"));
    const canvas = await show(page, "timeline");
    const box = await canvas.boundingBox();
    // The first lane is full of runs; the first of them begins at the left edge of the plot.
    const lane = { x: (box?.width ?? 0) / 2, y: 32 + 14 };
    for (let right = 0; right < 60 && !page.url().includes("/trial/"); right += 6) {
      await page.mouse.click((box?.x ?? 0) + lane.x + right, (box?.y ?? 0) + lane.y);
    }
    await page.getByRole("heading", { level: 1, name: /^Trial \d+/ }).waitFor();
    await page.context().close();
  });

  it("save the picture, and the numbers behind it", async () => {
    const { page } = await openPage(browser, file("small"));
    await page.goto(file("small"));
    await show(page, "slice");
    const saved: Record<string, Buffer> = {};
    for (const format of ["SVG", "PNG", "CSV", "JSON"]) {
      await page.locator(".save-menu summary").click();
      const downloading = page.waitForEvent("download");
      await page.locator(".save-menu").getByRole("button", { name: format, exact: true }).click();
      const download = await downloading;
      saved[download.suggestedFilename()] = readFileSync(await download.path());
    }
    const table = pictureTable("slice", study, importance);
    expect(saved["slice.csv"]?.toString()).toBe(csvOf(table));
    expect(JSON.parse(saved["slice.json"]?.toString() ?? "")).toHaveLength(table.rows.length);
    expect(saved["slice.svg"]?.toString()).toMatch(/^<svg role="img"/);
    expect(saved["slice.png"]?.subarray(1, 4).toString()).toBe("PNG");
    await page.context().close();
  });

  it("draw 10,000 trials without a complaint", async () => {
    const { page, complaints } = await openPage(browser, file("large"));
    await page.goto(file("large"));
    for (const id of pictureNames) {
      const canvas = await show(page, id);
      const box = await canvas.boundingBox();
      await page.mouse.move((box?.x ?? 0) + 300, (box?.y ?? 0) + 120);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
