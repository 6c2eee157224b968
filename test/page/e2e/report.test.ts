import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeStudy } from "../charts/made-study.ts";
import { CHROMIUM, expectAccessible, launch, openPage, WITHOUT } from "./chromium.ts";
import { writeReportPage } from "./report-page.ts";

const made = madeStudy({ trials: 10_000, failing: (number) => number % 50 === 7 });
const importance = {
  shares: [{ parameter: "learningRate", share: 1 }],
  trials: 100,
  budget: 27,
  problem: null,
  note: null,
};

if (CHROMIUM === undefined) process.stderr.write(`The tests of pages are skipped: ${WITHOUT}.\n`);

describe.skipIf(CHROMIUM === undefined)("the page of a report, from a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "hpo-page-"));
  const large = join(folder, "large.html");
  const small = join(folder, "small.html");
  let browser: Browser;

  beforeAll(async () => {
    const report = { madeAt: 1_700_000_000_000, engine: "0.4.0", importance, curvePoints: null };
    writeReportPage(large, { ...report, study: made });
    writeReportPage(small, { ...report, study: madeStudy({ trials: 40, failing: (number) => number % 9 === 4 }) });
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  const name = encodeURIComponent(made.head.name);
  const screens = [
    "#/",
    `#/study/${name}/trials`,
    `#/study/${name}/trial/4`,
    `#/study/${name}/view/history`,
    "#/nowhere",
  ];

  it.each([
    ["desk", "light"],
    ["desk", "dark"],
    ["phone", "light"],
    ["phone", "dark"],
  ] as const)("is accessible and quiet on every screen: %s, %s", async (size, theme) => {
    const home = pathToFileURL(small).href;
    const { page, complaints } = await openPage(browser, home, size, theme);
    await page.goto(home);
    for (const screen of screens) {
      await page.evaluate((hash) => (location.hash = hash), screen);
      await page.locator("h1").waitFor();
      await expectAccessible(page);
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("offers nothing that only a dashboard can do", async () => {
    const { page } = await openPage(browser, "");
    await page.goto(`${pathToFileURL(small).href}#/study/${name}/trial/4`);
    await page.getByRole("heading", { name: "Cause of the failure" }).waitFor();
    expect(await page.getByRole("button", { name: /Stop|Try|note/ }).count()).toBe(0);
    await page.context().close();
  });

  it("sorts, filters and saves 10,000 trials, and opens one with the keyboard", async () => {
    const { page, complaints } = await openPage(browser, pathToFileURL(large).href);
    await page.goto(`${pathToFileURL(large).href}#/study/${name}/trials`);
    const rows = page.locator("tbody tr");
    await page.getByText("10000 trials", { exact: true }).waitFor();
    expect(await rows.count()).toBe(100);
    await page.getByRole("button", { name: made.head.metric.name, exact: true }).click();
    const least = made.trials
      .filter(({ value }) => value !== null)
      .sort((a, b) => Number(a.value) - Number(b.value))[0];
    await expect.poll(() => rows.first().locator("th a").textContent()).toBe(String(least?.number));

    await page.getByRole("searchbox").fill("failed optimizer=adam");
    const adam = made.trials.filter(({ state, params }) => state === "failed" && params["optimizer"] === "adam");
    await page.getByText(`${adam.length} of 10000 trials`).waitFor();
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as CSV" }).click();
    const csv = readFileSync(await (await downloading).path(), "utf8");
    expect(csv.trim().split("\r\n")).toHaveLength(adam.length + 1);

    await rows.first().locator("th a").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /^Trial \d+/ }).waitFor();
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it("shows on a phone which of its pages one is on", async () => {
    const { page } = await openPage(browser, "", "phone");
    await page.goto(pathToFileURL(small).href);
    const saved = page.getByRole("navigation", { name: "Of this study" }).getByRole("link", { name: "Saved" });
    const right = (): Promise<number> => saved.evaluate((link) => link.getBoundingClientRect().right);
    await saved.waitFor();
    expect(await right()).toBeGreaterThan(390);
    await saved.evaluate((link) => {
      location.hash = (link as unknown as { readonly hash: string }).hash;
    });
    await expect.poll(right).toBeLessThan(391);
    await page.context().close();
  });

  it("keeps the theme that was chosen", async () => {
    const { page } = await openPage(browser, "");
    await page.goto(pathToFileURL(small).href);
    await page.getByRole("button", { name: "Dark theme" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Light theme" }).waitFor();
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    await page.context().close();
  });
});
