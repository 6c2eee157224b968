import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { ReportData } from "../../../src/views/payload.ts";

const built = (file: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../dist/page/${file}`, import.meta.url)), "utf8");

/** Writes the page with its script, its style and a report's data in it. */
export function writeReportPage(file: string, report: ReportData): void {
  const data = JSON.stringify(report).replaceAll("<", "\\u003c");
  const html = built("index.html")
    .replace(/<link rel="icon"[^>]*>/, "")
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${built("page.css")}</style>`)
    .replace(
      /<script[^>]*><\/script>/,
      () =>
        `<script type="application/json" id="report-data">${data}</script><script>${built("page.js").replaceAll("</script", "<\\/script")}</script>`,
    );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, html);
}
