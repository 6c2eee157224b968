import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TestFolder } from "../../cli/cli.ts";
import { eventually } from "../../support/eventually.ts";
import { CHROMIUM, expectAccessible, launch, openPage, WITHOUT, type Watched } from "./chromium.ts";

const SPACE = {
  name: "some-study",
  objective: { module: "./objective.mjs" },
  metric: { name: "loss", goal: "minimize" },
  parameters: {
    mode: { type: "categorical", choices: ["fail", "quick", "long"] },
    x: { type: "float", low: 0, high: 1 },
    depth: { type: "int", low: 1, high: 5, when: { mode: ["long"] } },
  },
  budget: { min: 1, max: 100_000, unit: "steps" },
  strategy: "random",
  workers: { gpus: "none", cpus: 1 },
  enqueue: [
    { mode: "fail", x: 0.5 },
    { mode: "quick", x: 0.25 },
    { mode: "long", x: 0.75, depth: 2 },
  ],
};

if (CHROMIUM === undefined) process.stderr.write(`The tests of pages are skipped: ${WITHOUT}.\n`);

describe.skipIf(CHROMIUM === undefined)("the dashboard in a browser, with a study that runs", () => {
  const cli = new TestFolder();
  const study = join(cli.folder, "studies", SPACE.name);
  let browser: Browser;
  let home: string;
  let watched: Watched;
  let page: Page;

  /** Events of the journal as they are on the disk. */
  const events = (type: string): readonly Record<string, unknown>[] =>
    readFileSync(join(study, "journal.jsonl"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((event) => event["type"] === type);

  const open = (path: string): Promise<void> =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, `#/study/some-study${path}`);
  const heading = (level: number, name: string | RegExp) => page.getByRole("heading", { level, name });

  beforeAll(async () => {
    cli.write("space.json", SPACE);
    cli.write("objective.mjs", readFileSync(fileURLToPath(new URL("objective.mjs", import.meta.url)), "utf8"));
    home = await cli.start(["dashboard", "--port", "0"]).saw(/http:\/\/127\.0\.0\.1:\d+\//);
    browser = await launch();
    watched = await openPage(browser, home);
    ({ page } = watched);
  });
  afterAll(async () => {
    await browser.close();
    cli.remove();
  });

  it("shows an empty folder, then the study and its trials as they come", async () => {
    await page.goto(home);
    await page.getByText("No studies in this folder yet.").waitFor();
    await expectAccessible(page);
    await page.evaluate("window.sameDocument = true");
    cli.start(["study", "start", "space.json"]);
    await page.getByRole("link", { name: SPACE.name }).click();
    await heading(1, /some-study\s+running/).waitFor();
    await page.getByText("1 failed").waitFor();
    await page.getByText("1 running").waitFor();
    await expect.poll(() => page.title()).toMatch(/running, loss 0.25/);
    await expectAccessible(page);
  });

  it("tells why a trial failed", async () => {
    await open("/trials");
    await page
      .getByRole("row", { name: /failed/ })
      .getByRole("link")
      .click();
    await heading(2, "Cause of the failure").waitFor();
    await page.getByText("Error: the data set is empty").first().waitFor();
    await page.getByLabel("The end of stdout.log").getByText("mode fail").waitFor();
    await page.getByText("hpo trial run some-study 0").waitFor();
    await expectAccessible(page);
  });

  it("puts a configuration into the queue, after saying what is wrong with it", async () => {
    await open("");
    await page.getByRole("button", { name: "Try a configuration" }).click();
    const form = page.getByRole("dialog", { name: "Try a configuration" });
    expect(await form.getByLabel("x", { exact: true }).inputValue()).toBe("0.25");
    expect(await form.getByLabel("depth").count()).toBe(0);
    await form.getByLabel("mode").selectOption("long");
    await form.getByLabel("x", { exact: true }).fill("7");
    await form.getByRole("button", { name: "Add it to the queue" }).click();
    await form.getByText("Expected a number from 0 to 1, received 7.").waitFor();
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("field-x");
    await form.getByText("Expected an integer from 1 to 5, received nothing.").waitFor();
    await expectAccessible(page);
    await form.getByLabel("x", { exact: true }).fill("0.125");
    await form.getByLabel("depth").fill("3");
    await form.getByRole("button", { name: "Add it to the queue" }).click();
    await page.getByText("1 configuration enqueued; the study tries it next.").waitFor();
    await heading(2, "Queue").waitFor();
    expect(events("enqueued").at(-1)).toMatchObject({ params: { mode: "long", x: 0.125, depth: 3 } });
  });

  it("stops a trial, which is an event of the journal, and the next one begins, without a reload", async () => {
    await open("/trial/2");
    await page.getByRole("button", { name: "Stop this trial" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop this trial" }).click();
    await heading(1, /Trial 2\s+pruned/).waitFor();
    expect(events("trial-stop-requested")).toMatchObject([{ trial: 2 }]);
    expect(events("run-stopped").at(-1)).toMatchObject({ reason: "stopped: you asked for it" });
    await page.getByRole("link", { name: "Next" }).click();
    await heading(1, /Trial 3\s+running/).waitFor();
    expect(await page.evaluate("window.sameDocument")).toBe(true);
  });

  it("keeps a note", async () => {
    await page.getByRole("button", { name: "Add a note" }).click();
    await page.getByRole("textbox", { name: "Note" }).fill("Looks good so far.");
    await page.getByRole("button", { name: "Add the note" }).click();
    await heading(2, "Notes").waitFor();
    expect(events("noted")).toMatchObject([{ text: "Looks good so far.", trial: 3 }]);
    await expectAccessible(page);
  });

  it("goes back to where the focus was when a dialog is left by Escape", async () => {
    await open("");
    await page.getByRole("button", { name: "Stop the study" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Stop this study?" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Stop the study");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });

  it("stops the study", async () => {
    await page.getByRole("button", { name: "Stop the study" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Stop the study" }).click();
    await heading(1, /some-study\s+interrupted/).waitFor();
    await eventually("the session has ended", () => events("session-ended").length === 1);
  });

  it("complained of nothing so far, and asked nobody else", () => {
    expect(watched.complaints).toEqual([]);
  });

  it("says what there is not", async () => {
    for (const [path, words] of [
      ["#/study/other", 'There is no study "other" here.'],
      ["#/study/some-study/trial/99", "some-study has no such trial"],
      ["#/nothing/here", "No such page"],
    ] as const) {
      await page.goto(`${home}${path}`);
      await page.getByText(words).first().waitFor();
      await expectAccessible(page);
    }
    // Of the study that is not there: the stream, and the question why.
    expect(watched.complaints).toEqual(Array.from({ length: 2 }, () => expect.stringContaining("404")));
  });
});
