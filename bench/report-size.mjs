// What a report of a large study takes: node bench/report-size.mjs [TRIALS] [REPORTS]. Writes a study of random trials, each
// with REPORTS steps, in a temporary folder, and opens its report in Chromium (or what HPO_CHROMIUM names).
// The build comes first: npm run build.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { createStudy } from "hpo";
import { chromium } from "playwright-core";

const MAIN = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const VIEWS = ["history", "curves", "parallel", "slice", "contour", "importance", "rank", "ecdf", "timeline", "saved"];
const [trials = 10_000, reports = 9] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "hpo-report-"));
try {
  await writeStudy();
  const file = join(folder, "large-report.html");
  const began = performance.now();
  execFileSync(process.execPath, [MAIN, "study", "report", "large", "--directory", folder, "--out", file]);
  tell("written in", performance.now() - began, "ms");
  tell("size", statSync(file).size / 1e6, "MB");
  tell("size with gzip", gzipSync(readFileSync(file)).length / 1e6, "MB");
  await open(pathToFileURL(file).href);
} finally {
  rmSync(folder, { recursive: true });
}

async function writeStudy() {
  const study = await createStudy({
    name: "large",
    directory: folder,
    parameters: {
      learningRate: { type: "float", low: 1e-4, high: 0.3, log: true },
      layers: { type: "int", low: 1, high: 8 },
      dropout: { type: "float", low: 0, high: 0.6 },
      optimizer: { type: "categorical", choices: ["sgd", "momentum", "adam"] },
      momentum: { type: "float", low: 0.5, high: 0.99, when: { optimizer: ["momentum"] } },
    },
    metric: { name: "loss", goal: "minimize" },
    strategy: { sampler: "random", scheduler: "full" },
    budget: { min: reports, max: reports, unit: "epochs" },
    stop: { trials },
    seed: 1,
  });
  for (let trial = await study.ask(); trial !== undefined; trial = await study.ask()) {
    const { learningRate, dropout, layers } = trial.params;
    const floor = (Math.log10(learningRate) + 2) ** 2 / 4 + (dropout - 0.2) ** 2 + layers / 50;
    let loss;
    for (let step = 1; step <= reports; step++) {
      loss = floor + 1 / step;
      await study.report(trial, { step, loss });
    }
    await study.tell(trial, { loss });
  }
  await study.close();
}

async function open(home) {
  const browser = await chromium.launch({
    executablePath: process.env.HPO_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(home, { waitUntil: "commit" });
    await page.locator("h1").waitFor();
    // Two frames later, what was asked for is on the screen and the page hears the next key.
    tell("overview interactive", await page.evaluate(rested), "ms since navigation");
    for (const view of ["trials", ...VIEWS.map((id) => `view/${id}`)]) {
      await page.evaluate((hash) => {
        performance.mark("asked");
        location.hash = hash;
      }, `#/study/large/${view}`);
      const ready = view === "trials" ? page.locator("tbody tr").first() : page.locator("figcaption p").first();
      await ready.waitFor();
      const at = await page.evaluate(rested);
      tell(view, at - (await page.evaluate("performance.getEntriesByName('asked').at(-1).startTime")), "ms");
    }
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
function rested() {
  return new Promise((told) =>
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => told(performance.now())))),
  );
}

function tell(what, number, unit) {
  process.stdout.write(`${what.padEnd(22)}${number.toFixed(unit === "MB" ? 2 : 0).padStart(7)} ${unit}\n`);
}
