import { accessSync, constants } from "node:fs";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { expect } from "vitest";

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const NAMED = process.env["HPO_CHROMIUM"];

/** A Chromium that is here, or the one that HPO_CHROMIUM names; undefined: tests of pages are skipped. */
export const CHROMIUM: string | undefined = (NAMED === undefined ? PATHS : [NAMED]).find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

export const WITHOUT = "there is no Chromium here; HPO_CHROMIUM may name one";

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ["--no-sandbox"] });
}

export type Size = "desk" | "phone";

const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

export interface Watched {
  readonly page: Page;
  /** What the console complained about, and every request to somewhere else than `home`. */
  readonly complaints: readonly string[];
}

/** A page in a browser of its own, which nothing may go wrong in unnoticed. */
export async function openPage(
  browser: Browser,
  home: string,
  size: Size = "desk",
  theme: "light" | "dark" = "light",
): Promise<Watched> {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: theme, acceptDownloads: true });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(home) && !url.startsWith("data:") && !url.startsWith("blob:"))
      complaints.push(`asked for ${url}`);
  });
  return { page, complaints };
}

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Expects that axe finds nothing serious or critical, and that nothing is wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = (await page.evaluate("axe.run().then((found) => found.violations)")) as Violation[];
  const bad = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`,
    );
  expect(bad).toEqual([]);
  expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
}
