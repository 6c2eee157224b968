import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { ReportData } from "../views/payload.ts";
import { markOf } from "./mark.ts";
import { thinCurves } from "./thin-curves.ts";

/**
 * The pages of the dashboard with one study in them, as one file that needs nothing else. Its policy (W3C, Content Security
 * Policy Level 3) lets it run its own script and nothing besides, and ask no network for anything.
 */
export function reportHtml(all: ReportData): string {
  const data = thinned(all);
  const script = inScript(built("page.js"));
  const icon = `data:image/svg+xml;base64,${Buffer.from(built("favicon.svg")).toString("base64")}`;
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    // Tips beside the mouse have styles of their own.
    "style-src 'unsafe-inline'",
    "img-src data: blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
${markOf(data)}
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="referrer" content="no-referrer" />
    <title>${escapeText(data.study.head.name)} · hpo report</title>
    <link rel="icon" href="${icon}" type="image/svg+xml" />
    <style>${built("page.css").replaceAll("</style", String.raw`<\/style`)}</style>
  </head>
  <body>
    <div id="app"></div>
    <noscript>This report draws its pictures itself, and needs JavaScript for it; it asks no network for anything.</noscript>
    ${dataInScript(data)}
    <script>${script}</script>
  </body>
</html>
`;
}

function built(file: string): string {
  return readFileSync(fileURLToPath(new URL(`../page/${file}`, import.meta.url)), "utf8");
}

/** What ends a script, or hides its end, in HTML (WHATWG HTML, "Restrictions for contents of script elements"). */
function inScript(code: string): string {
  return code.replaceAll(/<\/(?=script)/gi, String.raw`<\/`).replaceAll("<!--", String.raw`<\!--`);
}

function thinned(data: ReportData): ReportData {
  const { trials, most } = thinCurves(data.study.trials);
  return { ...data, study: { ...data.study, trials }, curvePoints: most };
}

/** Data that takes more characters is compressed (RFC 1952) and written in base64: a third to a fifth of the size. */
const LARGE = 2_000_000;

/** Without "<", data cannot end the element that it stands in. */
function dataInScript(data: ReportData): string {
  const json = JSON.stringify(data);
  if (json.length <= LARGE)
    return `<script type="application/json" id="report-data">${json.replaceAll("<", String.raw`\u003c`)}</script>`;
  return `<script type="application/gzip" id="report-data">${gzipSync(json).toString("base64")}</script>`;
}

function hashOf(script: string): string {
  return `sha256-${createHash("sha256").update(script).digest("base64")}`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
